/** A panel on a page, with a kernel and a host that the test plays. */

import { afterEach, beforeEach, vi } from 'vitest';

import type { IChatHost, ITransport } from '../../chat/host';
import type { Change } from '../../chat/messages';
import { mountChat } from '../../chat/mountChat';
import type { IChat } from '../../chat/mountChat';
import type {
  IChatTurn,
  IFault,
  IHeader,
  IRequest,
  KernelMessage,
  Operation
} from '../../chat/protocol';
import { englishWords } from '../../chat/words';

/** Fake timers, so that frames and time limits come when the test says. */
export function useFakeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });
}

/** Let one animation frame pass, and all that is settled before it. */
export async function frame(milliseconds = 20): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

export function header(changes: Partial<IHeader> = {}): IHeader {
  return {
    model: 'mibyan-4.1',
    server: 'mibyanai.com',
    local: false,
    key: 'set',
    key_origin: 'from the environment',
    tokens: 1200,
    tokens_estimated: false,
    context: 'auto',
    privacy: 'schema',
    providers: ['cells', 'variables'],
    without: [],
    version: '0.1',
    resumable: 0,
    journal_trouble: '',
    commands: ['demo', 'explain', 'export', 'reset', 'retry'].map(name => ({
      name,
      summary: `what ${name} does`,
      usage: name
    })),
    ...changes
  };
}

export function turn(changes: Partial<IChatTurn> = {}): IChatTurn {
  return {
    id: 't1',
    prompt: 'Why?',
    status: 'complete',
    source: 'panel',
    cell: null,
    behind: 0,
    retrying: null,
    starts_new: false,
    kept_out: false,
    model: 'mibyan-4.1',
    blocks: [],
    tail: '',
    versions: 1,
    finish_reason: 'stop',
    fault: null,
    seconds: 1.5,
    tokens: 300,
    tokens_estimated: false,
    context_tokens: 0,
    context_note: '',
    redactions: 0,
    left_out: 0,
    was_sent: true,
    corrects: null,
    ...changes
  };
}

type Unnumbered<Message> = Message extends unknown ? Omit<Message, 'run' | 'seq'> : never;
type Unaddressed<Message> = Message extends { re: string } ? Omit<Message, 're'> : never;

/** The kernel's side of a transport. */
export class FakeKernel implements ITransport {
  readonly requests: IRequest[] = [];
  readonly listeners = new Set<(message: KernelMessage) => void>();
  seq = 0;

  send(request: IRequest): void {
    this.requests.push(request);
  }

  onMessage(listener: (message: KernelMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  say(message: KernelMessage): void {
    this.listeners.forEach(listener => listener(message));
  }

  /** Tell of a change, with the next number. */
  change(change: Unnumbered<Change>): void {
    this.seq += 1;
    this.say({ run: 'r1', seq: this.seq, ...change });
  }

  snapshot(turns: IChatTurn[], head = header()): void {
    const re = this.last('snapshot')?.id ?? '';
    this.say({ type: 'snapshot', re, run: 'r1', seq: this.seq, turns, header: head });
  }

  /** All requests of one operation. */
  all(op: Operation): IRequest[] {
    return this.requests.filter(request => request.op === op);
  }

  last(op: Operation): IRequest | undefined {
    return this.all(op).pop();
  }

  /** Answer the last request of one operation. */
  reply(op: Operation, reply: Unaddressed<KernelMessage>): void {
    this.say({ ...reply, re: this.last(op)?.id ?? '' });
  }

  refuse(op: Operation, fault: IFault): void {
    this.reply(op, { type: 'error', ...fault });
  }
}

/** A host with every capability; `changes` take some away or replace them. */
export function fakeHost(changes: Partial<IChatHost> = {}): IChatHost {
  return {
    words: englishWords,
    preferences: { enterSends: true },
    onPreferences: () => () => undefined,
    loadDraft: () => '',
    saveDraft: vi.fn(),
    copy: vi.fn(async () => undefined),
    typeset: vi.fn(),
    insertBelow: vi.fn(),
    replaceSelected: vi.fn(),
    insertAndRun: vi.fn(),
    insertLoginCell: vi.fn(),
    openSettings: vi.fn(),
    keep: vi.fn(),
    cells: {
      find: vi.fn(() => 'here' as const),
      goTo: vi.fn(),
      run: vi.fn(),
      replace: vi.fn(),
      onChange: vi.fn(() => () => undefined)
    },
    ...changes
  };
}

/** A host that can only do what any page can. */
export function bareHost(): IChatHost {
  return {
    words: englishWords,
    preferences: { enterSends: true },
    onPreferences: () => () => undefined,
    loadDraft: () => '',
    saveDraft: vi.fn(),
    copy: vi.fn(async () => undefined)
  };
}

/** A mounted panel, with ways to look and to press. */
export class FakePanel {
  readonly kernel = new FakeKernel();
  readonly root = document.createElement('div');
  readonly chat: IChat;

  constructor(readonly host: IChatHost = fakeHost()) {
    document.body.append(this.root);
    this.chat = mountChat(this.root, this.kernel, host);
  }

  /** A panel that has got its first snapshot. */
  static async with(turns: IChatTurn[], host?: IChatHost, head?: IHeader): Promise<FakePanel> {
    const panel = new FakePanel(host);
    panel.kernel.snapshot(turns, head);
    await frame();
    return panel;
  }

  get box(): HTMLTextAreaElement {
    return this.one<HTMLTextAreaElement>('.mibyan-composer textarea');
  }

  one<Found extends HTMLElement = HTMLElement>(selector: string): Found {
    const found = this.root.querySelector<Found>(selector);
    if (!found) {
      throw new Error(`there is no ${selector} in ${this.root.innerHTML}`);
    }
    return found;
  }

  all(selector: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(selector)];
  }

  /** The buttons that are named so, by text or label. */
  buttons(name: string): HTMLButtonElement[] {
    return [...this.root.querySelectorAll('button')].filter(
      button => (button.getAttribute('aria-label') ?? button.textContent) === name
    );
  }

  press(name: string): void {
    const [button] = this.buttons(name);
    if (!button) {
      throw new Error(`there is no button ${name} in ${this.root.innerHTML}`);
    }
    button.focus();
    button.click();
  }

  type(text: string): void {
    this.box.focus();
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }

  /** Press a key in the box; whether the page was kept from acting on it. */
  key(key: string, more: KeyboardEventInit = {}): boolean {
    const options = { key, bubbles: true, cancelable: true, ...more };
    return !this.box.dispatchEvent(new KeyboardEvent('keydown', options));
  }
}
