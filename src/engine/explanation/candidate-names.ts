import type { Organisation } from '../organisation.js';
import type { AttributeRule } from './explanation.js';
import { EntitlementWords } from './entitlement-words.js';
import { asName, sameNameKey } from './name-text.js';

/** Members are called everyone when at least this share of all users who hold anything are among them. */
const EVERYONE_SHARE = 0.9;

/** A rule names the members when it is this good, or holds for most of them and far more often than for others. */
const NAMING_F1 = 0.5;
const NAMING_RECALL = 2 / 3;
const NAMING_LIFT = 2;

/**
 * Gives every candidate a readable name of its own, such as "Finance · SAP payables": who the members are, then what
 * the entitlements have in common. A name that is taken, also by an existing role, gets the rarest entitlement that the
 * candidate who took it lacks, and a number only if that is not enough. Names differ in more than case.
 */
export class CandidateNames {
  private readonly words: EntitlementWords;
  private readonly holderCount: number;
  /** By key of the name; null where it is an existing role's. */
  private readonly taken = new Map<string, Int32Array | null>();

  constructor(
    private readonly organisation: Pick<
      Organisation,
      'matrix' | 'entitlementNames' | 'entitlementApplications' | 'existingRoles'
    >,
  ) {
    this.words = new EntitlementWords(organisation.entitlementNames);
    const { rowOffsets, userCount } = organisation.matrix;
    let holders = 0;
    for (let user = 0; user < userCount; user++) if (rowOffsets[user + 1] > rowOffsets[user]) holders++;
    this.holderCount = holders;
    for (const name of organisation.existingRoles.names) this.taken.set(sameNameKey(name), null);
  }

  /** Each call takes the name that it returns. */
  next(entitlements: Int32Array, memberCount: number, rule: AttributeRule | null): string {
    const members = this.membersText(memberCount, rule);
    const access = this.accessText(entitlements, members);
    const plain = asName([members, access].filter((part) => part !== '').join(' · '));
    const name = this.isFree(plain) ? plain : this.distinguished(plain, entitlements);
    this.taken.set(sameNameKey(name), entitlements);
    return name;
  }

  private membersText(memberCount: number, rule: AttributeRule | null): string {
    if (memberCount >= EVERYONE_SHARE * this.holderCount && memberCount > 1) return 'Everyone';
    if (rule === null) return '';
    const usualShare = memberCount / this.organisation.matrix.userCount;
    const isTelling =
      rule.f1 >= NAMING_F1 || (rule.recall >= NAMING_RECALL && rule.precision >= NAMING_LIFT * usualShare);
    if (!isTelling) return '';
    // A value without a word, such as a cost centre's number, needs to be told what it is.
    return rule.conditions
      .map(({ attribute, value }) => (/\p{L}{3}/u.test(value) ? value : `${attribute} ${value}`))
      .join(', ');
  }

  private accessText(entitlements: Int32Array, members: string): string {
    const { entitlementNames } = this.organisation;
    const applications = this.applicationsText(entitlements);
    if (entitlements.length === 1) {
      const name = entitlementNames[entitlements[0]];
      return name.toLowerCase().includes(applications.toLowerCase()) ? name : `${applications} ${name}`;
    }
    const words = this.words.commonWords(entitlements, [applications, members]);
    const common = [applications, ...words].filter((part) => part !== '').join(' ');
    if (common !== '') return common;
    return `${entitlementNames[this.rarest(entitlements)]} and ${entitlements.length - 1} more`;
  }

  /** The application of all of them, both of two, or the one of most of them; empty when there is no such thing. */
  private applicationsText(entitlements: Int32Array): string {
    const counts = new Map<string, number>();
    for (const entitlement of entitlements) {
      const application = this.organisation.entitlementApplications[entitlement]?.trim();
      if (application) counts.set(application, (counts.get(application) ?? 0) + 1);
    }
    const [first, second] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    if (first === undefined) return '';
    const others = entitlements.length - first[1];
    if (others === 0) return first[0];
    if (second !== undefined && second[1] === others) return `${first[0]} and ${second[0]}`;
    return 2 * first[1] >= entitlements.length ? `${first[0]} and others` : '';
  }

  private distinguished(plain: string, entitlements: Int32Array): string {
    const takenBy = this.taken.get(sameNameKey(plain));
    const added = takenBy ? entitlements.filter((entitlement) => !takenBy.includes(entitlement)) : entitlements;
    if (added.length > 0) {
      const name = asName(`${plain} with ${this.withoutApplication(this.rarest(added))}`);
      if (this.isFree(name)) return name;
    }
    for (let number = 2; ; number++) {
      const numbered = `${plain} ${number}`;
      if (this.isFree(numbered)) return numbered;
    }
  }

  /** "approve invoices" for "SAP payables: approve invoices" of SAP payables. */
  private withoutApplication(entitlement: number): string {
    const name = this.organisation.entitlementNames[entitlement];
    const application = this.organisation.entitlementApplications[entitlement] ?? '';
    if (application === '' || !name.toLowerCase().startsWith(application.toLowerCase())) return name;
    return name.slice(application.length).replace(/^[^\p{L}\p{N}]+/u, '') || name;
  }

  /** The lower one on a tie. */
  private rarest(entitlements: Int32Array): number {
    const { columnOffsets } = this.organisation.matrix;
    const holders = (entitlement: number): number => columnOffsets[entitlement + 1] - columnOffsets[entitlement];
    return entitlements.reduce((rarest, entitlement) =>
      holders(entitlement) < holders(rarest) ? entitlement : rarest,
    );
  }

  private isFree(name: string): boolean {
    return !this.taken.has(sameNameKey(name));
  }
}
