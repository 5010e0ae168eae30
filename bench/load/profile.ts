import type { ServiceUnderTest } from '../service/service-under-test.js';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const MINING = '/governance/role-mining';
const GRAPH = '/governance/access-graph';

/**
 * What people do with the service while a job runs, in twenty requests: two writes, the rest reading.
 *
 * @param jobId a completed job with results
 */
export async function mixedProfile(api: ServiceUnderTest, jobId: string): Promise<LoadRequest[]> {
  const get = (path: string): LoadRequest => ({ method: 'GET', path });
  const create: LoadRequest = { method: 'POST', path: `${MINING}/jobs`, body: JSON.stringify({ name: 'Load' }) };
  const { items } = await api.call<{ items: { id: string }[] }>('GET', `${GRAPH}/users?limit=100`);
  const job = get(`${MINING}/jobs/${jobId}`);
  const user = (place: number): LoadRequest => get(`${GRAPH}/users/${items[place].id}`);
  const listJobs = get(`${MINING}/jobs?limit=50`);
  const listCandidates = get(`${MINING}/jobs/${jobId}/candidates?limit=20`);
  const listRoles = get(`${GRAPH}/roles?limit=20`);
  const access = (place: number): LoadRequest => get(`${GRAPH}/users/${items[place].id}/access`);
  return [
    ...[listJobs, job, user(3), listCandidates, job, create, user(17), listJobs, access(29), job],
    ...[listCandidates, job, user(41), listRoles, job, create, listJobs, job, access(83), listCandidates],
  ];
}
