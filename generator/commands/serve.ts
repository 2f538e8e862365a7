import { createServer, type ServerResponse } from 'node:http';

/** What a page's address gives: its text, or what is wrong with its spec. */
export type Served = { readonly content: string } | { readonly problem: string };

/**
 * Shows pages on this machine alone, until it is stopped. A page is made anew for each request, so that a reload shows
 * what its spec says now.
 *
 * @param names - the pages, `article.html`; the first is shown where an address names none
 */
export function serve(names: readonly string[], make: (name: string) => Promise<Served>): void {
  const port = portOf(process.env.PORT ?? '0');
  if (port === undefined) {
    fail(`found PORT=${process.env.PORT}, expected a number from 0 to 65535`);
    return;
  }
  const server = createServer(async ({ url = '/' }, response) => {
    const asked = pageOf(url);
    const name = asked === '' ? names[0] : asked;
    if (name === undefined || !names.includes(name)) answer(response, 404, 'text/plain', 'There is no such page.\n');
    else {
      const made = await make(name);
      if ('problem' in made) answer(response, 500, 'text/plain', made.problem);
      else answer(response, 200, name.endsWith('.html') ? 'text/html' : 'text/plain', made.content);
    }
  });
  server.on('error', (error: NodeJS.ErrnoException) =>
    fail(
      error.code === 'EADDRINUSE'
        ? `port ${port} is taken; set another one with PORT=…, or none for any that is free`
        : error.message,
    ),
  );
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : port;
    for (const name of names) console.log(`http://127.0.0.1:${own}/${encodeURIComponent(name)}  (Ctrl-C ends it)`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
}

function fail(message: string): void {
  console.error(`--serve: ${message}`);
  process.exitCode = 1;
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(text);
}

function portOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/** The page that an address names; empty where it names none, undefined where it is no address. */
function pageOf(url: string): string | undefined {
  try {
    return decodeURIComponent((url.split('?')[0] as string).slice(1));
  } catch {
    return undefined;
  }
}
