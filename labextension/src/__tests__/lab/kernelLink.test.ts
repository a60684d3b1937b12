import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { IRequest, ISnapshot, KernelMessage } from '../../chat/protocol';
import { englishWords } from '../../chat/words';
import { KernelLink } from '../../kernelLink';
import type { LinkState } from '../../kernelLink';
import { FakeKernel } from './fakeKernel';

const STOP: IRequest = { id: 'stop-1', op: 'stop', args: { turn: 't1' } };
const SNAPSHOT = {
  type: 'snapshot',
  run: 'r',
  seq: 1,
  turns: [],
  header: { version: '0.1.0' }
} as unknown as ISnapshot;

let kernel: FakeKernel;
let link: KernelLink;
let states: LinkState[];
let heard: KernelMessage[];

beforeEach(() => {
  vi.useFakeTimers();
  kernel = new FakeKernel();
  link = new KernelLink(kernel.connection, englishWords);
  states = [];
  heard = [];
  link.stateChanged.connect((_, state) => states.push(state));
  link.onMessage(message => heard.push(message));
});

afterEach(() => {
  link.dispose();
  vi.useRealTimers();
});

describe('a kernel with our extension', () => {
  test('is asked for a snapshot, and ready when it replies', () => {
    expect(kernel.requests.map(request => request.op)).toEqual(['snapshot']);
    expect(link.state).toBe('loading');
    kernel.reply([SNAPSHOT]);
    expect(link.state).toBe('ready');
    expect(heard).toEqual([SNAPSHOT]);
    expect(link.kernelVersion).toBe('0.1.0');
  });

  test('that has just loaded is ready with its first word, among the broadcasts', () => {
    kernel.reply([]);
    vi.advanceTimersByTime(60_000);
    expect(link.state).toBe('loading'); // an old conversation is not shown meanwhile
    kernel.say(SNAPSHOT);
    expect(link.state).toBe('ready');
    expect(heard).toEqual([SNAPSHOT]);
  });

  test('is heard only on our comm', () => {
    kernel.say(SNAPSHOT, 'a-widget');
    expect(heard).toEqual([]);
  });

  test('may say it is idle before its reply comes', () => {
    kernel.idle();
    vi.advanceTimersByTime(400);
    kernel.reply([SNAPSHOT]);
    vi.advanceTimersByTime(60_000);
    expect(states).toEqual(['ready']);
  });

  test('gets every request on the control channel, as it is', () => {
    link.send(STOP);
    expect(kernel.requests.at(-1)).toEqual(STOP);
  });

  test('is asked again when the connection comes back', () => {
    kernel.reply([SNAPSHOT]);
    kernel.connectionStatusChanged.emit('connecting');
    kernel.connectionStatusChanged.emit('connected');
    expect(kernel.requests.map(request => request.op)).toEqual(['snapshot', 'snapshot']);
  });
});

describe('a kernel without our extension', () => {
  test('says only that it is idle, and counts as not loaded', () => {
    kernel.idle();
    vi.advanceTimersByTime(500);
    expect(link.state).toBe('not-loaded');
    expect(kernel.futures.every(future => future.isDisposed)).toBe(true);
  });

  test('has every request refused in two lines', () => {
    link.send(STOP);
    kernel.idle();
    vi.advanceTimersByTime(500);
    expect(heard).toContainEqual(
      expect.objectContaining({ type: 'error', re: 'stop-1', code: 'NotLoaded' })
    );
  });

  test('that says nothing at all counts as not loaded after a while', () => {
    vi.advanceTimersByTime(8000);
    expect(link.state).toBe('not-loaded');
  });

  test('is ready once a cell has loaded it', () => {
    kernel.idle();
    vi.advanceTimersByTime(500);
    kernel.say({ type: 'hello' });
    kernel.reply([SNAPSHOT]);
    expect(states).toEqual(['not-loaded', 'ready']);
  });

  test('loads it by the magic, unseen by the history', async () => {
    await link.load();
    expect(kernel.executed).toEqual(['%load_ext mibyan_jupyter']);
    kernel.reply([SNAPSHOT]);
    expect(link.state).toBe('ready');
  });

  test('whose environment lacks the package is told from one where loading fails', async () => {
    const ename = 'ModuleNotFoundError';
    kernel.execution = { status: 'error', ename, evalue: "No module named 'mibyan_jupyter'" };
    await link.load();
    expect(link.state).toBe('not-installed');
    kernel.execution = { status: 'error', ename, evalue: "No module named 'httpx'" };
    await link.load();
    expect(link.state).toBe('failed');
    expect(link.failure).toBe("ModuleNotFoundError: No module named 'httpx'");
  });
});

describe('a kernel that leaves', () => {
  beforeEach(() => kernel.reply([SNAPSHOT]));

  test('is asked anew when it has restarted', () => {
    kernel.statusChanged.emit('restarting');
    expect(link.state).toBe('restarting');
    kernel.statusChanged.emit('idle');
    kernel.idle();
    vi.advanceTimersByTime(500);
    expect(states).toEqual(['ready', 'restarting', 'loading', 'not-loaded']);
  });

  test('is not loaded any more when the extension is unloaded', () => {
    kernel.say({ type: 'bye' });
    expect(link.state).toBe('not-loaded');
  });

  test('leaves nothing that runs on in its link', () => {
    link.send(STOP);
    kernel.idle();
    kernel.disposed.emit();
    vi.advanceTimersByTime(60_000);
    expect(states).toEqual(['ready', 'gone']);
    expect(heard).toEqual([SNAPSHOT]);
  });

  test('takes its link along, which then refuses every request', async () => {
    kernel.disposed.emit();
    expect(link.state).toBe('gone');
    link.send(STOP);
    await Promise.resolve();
    expect(kernel.requests).not.toContain(STOP);
    expect(heard.at(-1)).toMatchObject({ type: 'error', re: 'stop-1', code: 'KernelGone' });
  });
});
