import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainEvents } from '../../src/index.js';

/** Tells the other team's people of new roles, as soon as the decision that made one is committed. */
@Injectable()
export class RoleAnnouncements implements OnModuleInit {
  readonly announced: string[] = [];

  constructor(private readonly events: DomainEvents) {}

  onModuleInit(): void {
    this.events.on('candidate.promoted', ({ data }) => {
      this.announced.push(`The directory has the role ${data.roleId} now, made by ${data.promotedBy}`);
    });
  }
}
