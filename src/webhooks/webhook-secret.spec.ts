import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signMessage } from './webhook-secret.js';

describe('signatures', () => {
  it('are those of the reference implementation', () => {
    const secret = newWebhookSecret();
    const now = new Date();
    const payload = '{"type":"job.completed","name":"Müller"}';
    const headers = signMessage('an-id', now, payload, [secret]);
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('an-id', now, payload));
  });

  it('are one for each secret, either of which verifies', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const headers = signMessage('an-id', new Date(), '{}', secrets);
    for (const secret of secrets) expect(new Webhook(secret).verify('{}', { ...headers })).toEqual({});
    expect(() => new Webhook(newWebhookSecret()).verify('{}', { ...headers })).toThrow();
  });
});
