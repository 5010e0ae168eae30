import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';

/** JSON loads nothing; a browser that is made to show it as a page must not either. */
const NOTHING = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/**
 * The headers of Helmet, which every answer carries, errors included. Made once: `@fastify/helmet` makes them anew for
 * every request, and knows nothing of paths that the router cannot read.
 */
const applyHelmet = helmet({
  // Without `upgrade-insecure-requests`: the gateway ends TLS, and Swagger UI has to work on a development machine.
  contentSecurityPolicy: { useDefaults: false, directives: NOTHING },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

export function addSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  applyHelmet(request.raw, reply.raw, (error) => {
    if (error instanceof Error) throw error;
  });
}

/** The one style sheet that Swagger UI's own script adds to the page. */
const SWAGGER_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** The policy for a page of ours that runs its own scripts: from here only, and inline styles only as they stand in it. */
export function policyOfPage(html: string): string {
  const hashes = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  const directives = {
    ...NOTHING,
    'script-src': ["'self'"],
    'style-src': ["'self'", SWAGGER_STYLE, ...hashes(/<style>([^<]*)<\/style>/g)],
    // Browsers compare hashes with attributes only when told so; no other attribute gets in by that.
    'style-src-attr': ["'unsafe-hashes'", ...hashes(/ style="([^"]*)"/g)],
    'img-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
