import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MiningThreads, type MiningThreadsOptions } from './mining-threads.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<MiningThreadsOptions>().build();

/** The threads of a process: `MiningThreadsModule.registerAsync({ useFactory: () => ({ threads: 2 }) })`. */
@Module({
  providers: [
    {
      provide: MiningThreads,
      useFactory: (options: MiningThreadsOptions) => new MiningThreads(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
  ],
  exports: [MiningThreads],
})
export class MiningThreadsModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(private readonly threads: MiningThreads) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }
}
