import { Global, Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { JwtStrategy } from './jwt.strategy.js';
import { RequestRates } from './request-rates.js';
import { TokenKeyProvider } from './token-key.provider.js';

/** Global for `RequestRates`: guards are made anew in every module with a guarded route, and have to count together. */
@Global()
@Module({
  imports: [PassportModule],
  providers: [JwtStrategy, RequestRates, TokenKeyProvider],
  exports: [RequestRates],
})
export class AuthModule {}
