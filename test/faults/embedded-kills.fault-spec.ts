import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { TEST_SECRET } from '../support/test-service.js';
import { generatedGraph, newOrganisation } from './support/organisation.js';
import { expectUndisturbed, undisturbedRun } from './support/results.js';
import { newDataDirectory, superuserUrlIn } from './support/own-server.js';
import { ServiceProcess } from './support/service-process.js';
import { createJob, runJob, runNewJob } from './support/stage.js';
import { Observer } from './support/observer.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

let directory: string;
beforeEach(async () => {
  directory = await newDataDirectory();
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const start = async (): Promise<ServiceProcess> =>
  (
    await ServiceProcess.start({
      DATA_DIR: directory,
      JWT_SECRET: TEST_SECRET,
      MINING_THREADS: '1',
      PROCESS_ROLE: 'all',
    })
  ).ready();

/** Processes of the server whose files lie in the folder. */
async function serverProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map(async (pid) => [Number(pid), await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  );
  return commands.filter(([, command]) => command.includes(directory)).map(([pid]) => pid);
}

async function postmasterPid(): Promise<number | null> {
  const content = await readFile(join(directory, 'postgresql-18/data/postmaster.pid'), 'utf8').catch(() => null);
  return content === null ? null : Number(content.split('\n')[0]);
}

/** Everything that may be left when no process runs: no server, and no trace that one does. */
async function expectNothingLeft(): Promise<void> {
  expect(await serverProcesses()).toEqual([]);
  expect(await postmasterPid()).toBeNull();
  expect(await readdir(directory)).toEqual(['postgresql-18']);
}

const KILLS = [
  { what: 'the process', killServer: false, rounds: 2 },
  { what: 'the process and its server', killServer: true, rounds: 2 },
];

it.each(KILLS)(
  'jobs that ran when $what was killed finish after the next start',
  async ({ what, killServer, rounds }) => {
    let service = await start();
    const tenant = await newOrganisation(service, await generatedGraph(5));
    let observer = await Observer.connect((await superuserUrlIn(directory))!);
    const undisturbed = await undisturbedRun(service, tenant, observer);

    for (let round = 0; round < rounds; round++) {
      const jobId = await createJob(service, tenant);
      await runJob(service, tenant, jobId);
      const waiting = await runNewJob(service, tenant);
      await until('mining', async () => {
        const { status, progress } = await observer.job(jobId);
        return status === 'running' && progress >= 5;
      });
      const server = (await postmasterPid())!;
      await service.kill();
      await observer[Symbol.asyncDispose]();
      if (killServer) process.kill(server, 'SIGKILL');

      service = await start();
      // A server that was left running is taken over; a killed one is started anew.
      expect((await postmasterPid()) === server).toBe(!killServer);
      observer = await Observer.connect((await superuserUrlIn(directory))!);
      await expectUndisturbed(observer, [jobId, waiting], undisturbed);
    }
    await observer[Symbol.asyncDispose]();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    await expectNothingLeft();
    survived({
      fault: `SIGKILL of ${what} (role all, embedded server) while a job is mined`,
      injected: rounds,
      survived: rounds,
      figure: `${2 * rounds} jobs completed after the next start, results equal; no server process and no postmaster.pid left at the end`,
    });
  },
);
