import { Module } from '@nestjs/common';
import { DirectoryAccessGraphReader } from './directory-access-graph.reader.js';
import { DirectoryRoleStore } from './directory-role.store.js';
import { StaffDirectory } from './staff-directory.js';

const PARTS = [StaffDirectory, DirectoryRoleStore, DirectoryAccessGraphReader];

@Module({ providers: PARTS, exports: PARTS })
export class DirectoryModule {}
