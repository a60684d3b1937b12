/** One kernel connection's way to the session in its kernel. */

import type { Kernel, KernelMessage as Wire } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ITransport, IWords } from './chat/host';
import { isType } from './chat/messages';
import type { IRequest, KernelMessage } from './chat/protocol';
import { isIdle, messagesOf, requestMessage, saidIn } from './wire';

/** Where a link stands; `not-installed`: the kernel's environment lacks the package. */
export type LinkState =
  | 'loading'
  | 'ready'
  | 'not-loaded'
  | 'not-installed'
  | 'failed'
  | 'restarting'
  | 'gone';

const LOAD = '%load_ext mibyan_jupyter';
const RESTARTING: ReadonlySet<Kernel.Status> = new Set(['restarting', 'autorestarting']);
const RUNNING: ReadonlySet<Kernel.Status> = new Set(['idle', 'busy']);
// A kernel without our extension says "idle" to our request and never replies. A reply may come
// a little after the idle message, since the two take different channels.
const NO_REPLY_MS = 500;
const NO_REPLY_WHEN_READY_MS = 2000;
// JupyterLab holds messages back for three seconds while it waits for a busy kernel's info.
const GIVE_UP_MS = 8000;

/**
 * Requests go on the control channel, which the kernel answers while a cell runs; messages come as
 * replies and on the comm with the fixed id. A link lives as long as its connection.
 */
export class KernelLink implements ITransport, IDisposable {
  readonly kernel: Kernel.IKernelConnection;
  readonly #words: IWords;
  readonly #listeners = new Set<(message: KernelMessage) => void>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #stateChanged = new Signal<this, LinkState>(this);
  #state: LinkState = 'loading';
  #kernelVersion = '';
  #failure = '';

  constructor(kernel: Kernel.IKernelConnection, words: IWords) {
    this.kernel = kernel;
    this.#words = words;
    kernel.iopubMessage.connect(this.#onIopub, this);
    kernel.statusChanged.connect(this.#onStatus, this);
    kernel.connectionStatusChanged.connect(this.#onConnection, this);
    kernel.disposed.connect(this.dispose, this);
    this.#probe();
  }

  get state(): LinkState {
    return this.#state;
  }

  get stateChanged(): ISignal<this, LinkState> {
    return this.#stateChanged;
  }

  /** The version of the package in the kernel; empty until it is known. */
  get kernelVersion(): string {
    return this.#kernelVersion;
  }

  /** Why loading failed, in the kernel's words. */
  get failure(): string {
    return this.#failure;
  }

  get isDisposed(): boolean {
    return this.#state === 'gone';
  }

  send(request: IRequest): void {
    if (this.isDisposed) {
      queueMicrotask(() => this.#refuse(request));
      return;
    }
    const future = this.kernel.sendControlMessage(
      requestMessage(this.kernel, request),
      true
    );
    let replied = false;
    let timer = this.#later(GIVE_UP_MS, () => this.#isSilent());
    future.onReply = reply => {
      replied = true;
      this.#cancel(timer);
      // A kernel that has just loaded us answers its first request on the comm.
      messagesOf(reply.content).forEach(message => this.#hear(message));
    };
    future.onIOPub = message => {
      if (isIdle(message) && !replied) {
        this.#cancel(timer);
        timer = this.#later(this.#patience(), () => {
          future.dispose();
          this.#isUnknown(request);
        });
      }
    };
  }

  onMessage(listener: (message: KernelMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Load our extension into the kernel, as a cell would; the state tells how that went. */
  async load(): Promise<void> {
    this.#setState('loading');
    const content = { code: LOAD, silent: true, store_history: false, allow_stdin: false };
    const reply = await this.kernel.requestExecute(content).done;
    if (reply.content.status === 'ok') {
      this.#probe();
    } else if (reply.content.status === 'error') {
      this.#loadFailed(reply.content.ename, reply.content.evalue);
    } else {
      this.#setState('not-loaded');
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.#timers.forEach(timer => clearTimeout(timer));
    this.#setState('gone');
    Signal.clearData(this);
  }

  #probe(): void {
    this.send({ id: UUID.uuid4(), op: 'snapshot', args: {} });
  }

  #hear(message: KernelMessage): void {
    this.#setState('ready');
    this.#take(message);
  }

  #take(message: KernelMessage): void {
    if (isType(message, 'snapshot') || isType(message, 'header')) {
      this.#kernelVersion = message.header.version;
    }
    this.#listeners.forEach(listener => listener(message));
  }

  #onIopub(_: unknown, message: Wire.IIOPubMessage): void {
    const said = saidIn(message);
    if (!said) {
      return;
    }
    const type: string = said.type;
    if (type === 'bye') {
      this.#setState('not-loaded');
    } else if (type === 'hello') {
      this.#probe();
    } else {
      this.#hear(said);
    }
  }

  #onStatus(_: unknown, status: Kernel.Status): void {
    if (RESTARTING.has(status)) {
      this.#setState('restarting');
    } else if (this.#state === 'restarting' && RUNNING.has(status)) {
      this.#setState('loading');
      this.#probe();
    }
  }

  #onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    // Messages may have been lost in between.
    if (status === 'connected' && this.#state === 'ready') {
      this.#probe();
    }
  }

  #patience(): number {
    return this.#state === 'ready' ? NO_REPLY_WHEN_READY_MS : NO_REPLY_MS;
  }

  #isUnknown(request: IRequest): void {
    if (this.#state !== 'restarting') {
      this.#setState('not-loaded');
    }
    this.#refuse(request);
  }

  #isSilent(): void {
    if (this.#state === 'loading') {
      this.#setState('not-loaded');
    }
  }

  #refuse(request: IRequest): void {
    const gone = this.isDisposed;
    this.#take({
      type: 'error',
      re: request.id,
      code: gone ? 'KernelGone' : 'NotLoaded',
      what: gone
        ? this.#words.__('This kernel is gone.')
        : this.#words.__('mibyan_jupyter is not loaded in this kernel.'),
      hint: gone
        ? this.#words.__('Open the panel again in the notebook’s new kernel.')
        : this.#words.__('Run %load_ext mibyan_jupyter in a cell.')
    });
  }

  #loadFailed(ename: string, evalue: string): void {
    const lacking = ename === 'ModuleNotFoundError' && evalue.includes("'mibyan_jupyter'");
    this.#failure = `${ename}: ${evalue}`;
    this.#setState(lacking ? 'not-installed' : 'failed');
  }

  #later(milliseconds: number, act: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, milliseconds);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: ReturnType<typeof setTimeout>): void {
    this.#timers.delete(timer);
    clearTimeout(timer);
  }

  #setState(state: LinkState): void {
    if (state !== this.#state) {
      this.#state = state;
      this.#stateChanged.emit(state);
    }
  }
}
