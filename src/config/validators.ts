import { createPublicKey, type KeyObject } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { EnvError, makeValidator, type BaseValidator } from 'envalid';

/**
 * Validators for `envalid`. Each throws an EnvError whose message completes the sentence "expected …"; the reader
 * adds the variable's name and, unless it is a secret, what was read.
 */

export const integer = (minimum: number, maximum: number): BaseValidator<number> =>
  makeValidator<number>((input) => {
    const value = Number(input);
    if (!/^\d+$/.test(input) || value < minimum || value > maximum) {
      throw new EnvError(`an integer from ${minimum} to ${maximum}`);
    }
    return value;
  });

export const number = (minimum: number, maximum: number): BaseValidator<number> =>
  makeValidator<number>((input) => {
    const value = Number(input);
    if (!/^\d+(\.\d+)?$/.test(input) || value < minimum || value > maximum) {
      throw new EnvError(`a number from ${minimum} to ${maximum}`);
    }
    return value;
  });

export const truth = makeValidator<boolean>((input) => {
  if (input !== 'true' && input !== 'false') throw new EnvError('true or false');
  return input === 'true';
});

export const oneOf = <T extends string>(...values: readonly T[]): BaseValidator<T> =>
  makeValidator<T>((input) => {
    const found = values.find((value) => value === input);
    if (found === undefined) throw new EnvError(`one of ${values.join(', ')}`);
    return found;
  });

export const flag = makeValidator<boolean>((input) => {
  if (input !== 'true' && input !== 'false') throw new EnvError('true or false');
  return input === 'true';
});

export const text = makeValidator<string>((input) => input);

const split = (input: string): string[] =>
  input
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

export const list = makeValidator<readonly string[]>((input) => {
  const values = split(input);
  if (values.length === 0) throw new EnvError('at least one name, separated by commas');
  return values;
});

export const host = makeValidator<string>((input) => {
  if (isIP(input) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(input)) {
    throw new EnvError('an IP address or a host name');
  }
  return input;
});

export const postgresUrl = makeValidator<string>((input) => {
  if (!/^postgres(ql)?:\/\//.test(input) || !URL.canParse(input)) {
    throw new EnvError('postgresql://LOGIN:PASSWORD@HOST:PORT/DATABASE');
  }
  return input;
});

export const certificate = makeValidator<string>((input) => {
  if (!input.includes('-----BEGIN CERTIFICATE-----')) throw new EnvError('a certificate in PEM form');
  return unescapeLines(input);
});

/** HS256 with a key shorter than its 32-byte hash can be guessed offline (RFC 7518, section 3.2). */
export const jwtSecret = makeValidator<string>((input) => {
  if (Buffer.byteLength(input) < 32) throw new EnvError('a secret of at least 32 bytes');
  return input;
});

export const jwtPublicKey = makeValidator<KeyObject>((input) => {
  const expected = new EnvError('a public key in PEM form, RSA of at least 2048 bits or EC on P-256');
  // createPublicKey also derives one from a private key; a private key has no business here.
  if (input.includes('PRIVATE KEY')) throw expected;
  let key: KeyObject;
  try {
    key = createPublicKey(unescapeLines(input));
  } catch {
    throw expected;
  }
  const details = key.asymmetricKeyDetails;
  const isRsa = key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2048;
  const isP256 = key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1';
  if (!isRsa && !isP256) throw expected;
  return key;
});

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export const jwksUri = makeValidator<string>((input) => {
  const url = URL.canParse(input) ? new URL(input) : null;
  const isPlainLoopback = url?.protocol === 'http:' && LOOPBACK.includes(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !isPlainLoopback)) {
    throw new EnvError('an https:// URL (http:// only for this machine)');
  }
  return input;
});

export const trustProxy = makeValidator<boolean | number | readonly string[]>((input) => {
  if (input === 'true' || input === 'false') return input === 'true';
  if (/^\d{1,2}$/.test(input)) return Number(input);
  const addresses = split(input);
  if (addresses.length === 0 || !addresses.every(isAddressOrRange)) {
    throw new EnvError('true, false, a number of hops, or IP addresses and CIDR ranges separated by commas');
  }
  return addresses;
});

export const basePath = makeValidator<string>((input) => {
  let path = input;
  while (path.endsWith('/')) path = path.slice(0, -1);
  if (path !== '' && !/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) throw new EnvError('a path such as /governance');
  return path;
});

export const corsOrigins = makeValidator<readonly string[]>((input) => {
  const origins = split(input);
  const isOrigin = (value: string): boolean =>
    URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
  if (origins.length === 0 || (input.trim() !== '*' && !origins.every(isOrigin))) {
    throw new EnvError('* or origins such as https://portal.example.com separated by commas');
  }
  return origins;
});

function isAddressOrRange(value: string): boolean {
  const [address = '', prefix] = value.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : -1, version === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}

/** Env files often hold a PEM on one line with `\n` written out. */
function unescapeLines(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}
