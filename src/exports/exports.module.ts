import { Global, Module } from '@nestjs/common';
import { ExportPlaces } from './export-places.js';
import { Exports } from './exports.js';

/** Lists as files, for every module that has lists. */
@Global()
@Module({ providers: [Exports, ExportPlaces], exports: [Exports] })
export class ExportsModule {}
