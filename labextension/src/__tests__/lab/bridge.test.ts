import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { JupyterFrontEnd } from '@jupyterlab/application';

import { bridgePlugin, HOST_EVENT } from '../../bridge';
import type { ITransport } from '../../chat/host';
import type { IRequest } from '../../chat/protocol';

// Does not load outside a browser; nothing here uses it.
vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: {} }));

const STOP: IRequest = { id: 'stop-1', op: 'stop', args: { turn: 't1' } };
const kernel = { id: 'k' };
const notebook = { sessionContext: { session: { kernel } } };
const inside = document.createElement('div');
const outside = document.createElement('div');
const sent: IRequest[] = [];
const linked: unknown[] = [];
const links = {
  of: (asked: unknown) => {
    linked.push(asked);
    return { send: (request: IRequest) => sent.push(request), onMessage: () => () => undefined };
  }
};
const hosts = { of: (asked: unknown, place: string) => ({ hostOf: asked, place }) };

beforeAll(async () => {
  document.body.append(inside, outside);
  const notebooks = { containing: (node: Node) => (node === inside ? notebook : undefined) };
  await bridgePlugin.activate({} as JupyterFrontEnd, notebooks, links, hosts);
});

afterAll(() => document.body.replaceChildren());

function ask(from: HTMLElement, detail: unknown): boolean {
  return from.dispatchEvent(
    new CustomEvent(HOST_EVENT, { bubbles: true, cancelable: true, detail })
  );
}

test('an inline panel gets its notebook’s link and a host, at once', () => {
  const provide = vi.fn<(transport: ITransport, host: unknown) => void>();
  expect(ask(inside, { provide })).toBe(false);
  const [transport, host] = provide.mock.lastCall ?? [];
  expect(host).toEqual({ hostOf: notebook, place: 'inline' });
  expect(linked).toEqual([kernel]);
  transport?.send(STOP);
  expect(sent).toEqual([STOP]);
});

test('elsewhere it is left to its own devices', () => {
  const provide = vi.fn();
  expect(ask(outside, { provide })).toBe(true);
  expect(provide).not.toHaveBeenCalled();
});

test('an event that is not ours is left alone', () => {
  expect(ask(inside, null)).toBe(true);
});
