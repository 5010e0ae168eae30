import { Module } from '@nestjs/common';
import { DirectoryAccessGraphReader } from './directory-access-graph.reader.js';
import { StaffDirectory } from './staff-directory.js';

@Module({
  providers: [StaffDirectory, DirectoryAccessGraphReader],
  exports: [StaffDirectory, DirectoryAccessGraphReader],
})
export class DirectoryModule {}
