import { describe, expect, it } from '@jest/globals';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { type Actor, actorOf, CurrentActor } from './actor.js';

const actor: Actor = { userId: 'u', tenantId: 't', roles: [], expiresAt: 0 };

describe('the caller of a route', () => {
  it('is who the guard put into the request', () => {
    expect(actorOf(new ExecutionContextHost([{ user: actor }]))).toBe(actor);
  });

  it('is nobody on a route without a guard, which is a mistake of ours', () => {
    expect(() => actorOf(new ExecutionContextHost([{}]))).toThrow('@AdminOnly() is missing');
  });

  it('is handed to parameters', () => {
    class Controller {
      handle(@CurrentActor() caller: Actor): Actor {
        return caller;
      }
    }
    type Factory = (data: unknown, context: ExecutionContextHost) => unknown;
    const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, Controller, 'handle') as Record<
      string,
      { factory: Factory }
    >;
    const [{ factory }] = Object.values(parameters);
    expect(factory(undefined, new ExecutionContextHost([{ user: actor }]))).toBe(actor);
  });
});
