import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const BENCH = dirname(import.meta.dirname);

/**
 * Peers are no dependency of the package, so its `npm ci` does not bring them. Their install scripts are not needed:
 * they would fetch what only GPUs use.
 */
export function installPeers(): void {
  if (existsSync(join(BENCH, 'node_modules', '.package-lock.json'))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: BENCH,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}

/** Imports a peer. Its own types may not be installed, so the caller says what it uses of it. */
export function importPeer<T>(name: string): Promise<T> {
  return import(name);
}

/** Loads a peer that is a CommonJS module. */
export function requirePeer<T>(name: string): T {
  return createRequire(import.meta.url)(name);
}

/** Where a peer is installed. */
export function peerFolder(name: string): string {
  return join(BENCH, 'node_modules', ...name.split('/'));
}

/** The installed version of a peer. */
export function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(peerFolder(name), 'package.json'), 'utf8')).version;
}
