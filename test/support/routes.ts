import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface Route {
  readonly method: string;
  /** With parameters as `:name`. */
  readonly path: string;
}

/** Everything that the router answers, whoever registered it: read from the tree that Fastify prints. */
export function routesOf(app: NestFastifyApplication): Route[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const ancestors: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const match = /^([│├└─ ]*)(\S+)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (!match) return [];
    const depth = match[1].length / 4;
    ancestors.length = depth - 1;
    ancestors.push(match[2]);
    const path = ancestors.join('').replace(/\/{2,}/g, '/');
    return (match[3]?.split(', ') ?? []).map((method) => ({ method, path }));
  });
}
