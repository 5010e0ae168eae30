import { actions, type ApplicationWords } from './vocabulary.js';

export interface EntitlementName {
  readonly name: string;
  readonly application: string;
}

/**
 * Readable entitlement names of some applications, without end and without repeats: what everybody in a department
 * needs first ("view …" throughout), then object by object, so that neighbours belong to one duty; when all words are
 * used up, a second instance of every application follows ("SAP payables 2: …").
 */
export function* entitlementNames(
  applications: readonly ApplicationWords[],
  division: string,
): Generator<EntitlementName> {
  for (let instance = 1; ; instance++) {
    const suffix = (instance === 1 ? '' : ` ${instance}`) + (division === '' ? '' : ` (${division})`);
    for (const application of applications) {
      for (const object of application.objects) yield nameOf(application.name + suffix, actions[0], object);
    }
    for (const application of applications) {
      for (const object of application.objects) {
        for (const action of actions.slice(1)) yield nameOf(application.name + suffix, action, object);
      }
    }
  }
}

function nameOf(application: string, action: string, object: string): EntitlementName {
  return { application, name: `${application}: ${action} ${object}` };
}
