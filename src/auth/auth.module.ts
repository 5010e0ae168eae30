import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { JwtStrategy } from './jwt.strategy.js';
import { TokenKeyProvider } from './token-key.provider.js';

@Module({
  imports: [PassportModule],
  providers: [JwtStrategy, TokenKeyProvider],
})
export class AuthModule {}
