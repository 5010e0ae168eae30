import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.js';

/**
 * Gives `Config` to every module. It takes the value instead of reading the environment, so that a wrong variable
 * stops the process before anything has started, and tests bring their own.
 */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
