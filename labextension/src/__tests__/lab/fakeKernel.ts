/** A kernel connection that a test plays: it records what is sent and says what it is told to. */

import type { Kernel, KernelMessage as Wire } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { IRequest, KernelMessage } from '../../chat/protocol';
import { COMM_ID } from '../../wire';

type Listener = ((message: Wire.IMessage) => unknown) | undefined;

class FakeFuture {
  onReply: Listener;
  onIOPub: Listener;
  isDisposed = false;

  constructor(
    readonly request: IRequest,
    readonly channel: string
  ) {}

  dispose(): void {
    this.isDisposed = true;
    this.onReply = this.onIOPub = undefined;
  }
}

export class FakeKernel {
  readonly clientId = 'client';
  readonly username = 'user';
  readonly iopubMessage = new Signal<this, Wire.IIOPubMessage>(this);
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  readonly disposed = new Signal<this, void>(this);
  readonly futures: FakeFuture[] = [];
  readonly executed: string[] = [];
  /** What the next execution ends with. */
  execution: Record<string, string> = { status: 'ok' };

  /** As the code under test sees it. */
  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }

  get requests(): IRequest[] {
    return this.futures.map(future => future.request);
  }

  sendControlMessage(message: { content: IRequest }): FakeFuture {
    return this.#send(message.content, 'control');
  }

  sendShellMessage(message: { content: IRequest }): FakeFuture {
    return this.#send(message.content, 'shell');
  }

  requestExecute({ code }: { code: string }): { done: Promise<unknown> } {
    this.executed.push(code);
    return { done: Promise.resolve({ content: this.execution }) };
  }

  #send(request: IRequest, channel: string): FakeFuture {
    const future = new FakeFuture(request, channel);
    this.futures.push(future);
    return future;
  }

  /** Reply to a request, the newest by default. */
  reply(messages: unknown[], future = this.futures.at(-1)): void {
    future?.onReply?.(message('mibyan_reply', { messages }));
  }

  /** Say that a request is done, as every kernel does. */
  idle(future = this.futures.at(-1)): void {
    future?.onIOPub?.(message('status', { execution_state: 'idle' }));
  }

  /** Tell all panels something. */
  say(said: KernelMessage | { type: 'hello' | 'bye' }, commId = COMM_ID): void {
    this.iopubMessage.emit(message('comm_msg', { comm_id: commId, data: said }));
  }
}

function message(type: string, content: unknown): Wire.IIOPubMessage {
  return { header: { msg_type: type }, content } as unknown as Wire.IIOPubMessage;
}
