/** Requests under way: each has an id of its own, and its reply is matched by that. */

import { NO_ANSWER, RequestFault } from './faults';
import type { ITransport } from './host';
import type { Answered } from './messages';
import type { IOperations, KernelMessage, Operation } from './protocol';

/** How long a request waits for its reply, in milliseconds. */
export const TIME_LIMIT = 10_000;

/** How one request may differ from others. */
export interface IRequestOptions {
  /** The id of an earlier, unanswered request that this one repeats. */
  id?: string;
  /** Called if the kernel does what was asked after the time limit. */
  late?: () => void;
}

interface IPending {
  resolve(answer: Answered): void;
  reject(fault: RequestFault): void;
  timer: ReturnType<typeof setTimeout>;
}

/** An id that no other view uses. */
export function newRequestId(): string {
  // crypto.randomUUID is absent on plain-http pages.
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, word => word.toString(16).padStart(8, '0')).join('');
}

/** The requests of one view. */
export class Requests {
  #pending = new Map<string, IPending>();
  #late = new Map<string, () => void>();

  constructor(private readonly transport: ITransport) {}

  /** Send a request; rejects with a RequestFault if it is refused or not answered in time. */
  send<Op extends Operation>(
    op: Op,
    args: IOperations[Op],
    { id = newRequestId(), late }: IRequestOptions = {}
  ): Promise<Answered> {
    this.#pending.get(id)?.reject(unanswered());
    this.#late.delete(id);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        if (late) {
          this.#late.set(id, late);
        }
        reject(unanswered());
      }, TIME_LIMIT);
      this.#pending.set(id, { resolve, reject, timer });
      this.transport.send({ id, op, args });
    });
  }

  /** Give a reply to the request it answers; any other is not for us, or came twice. */
  settle(message: KernelMessage): void {
    const id = 're' in message ? message.re : undefined;
    if (id === undefined) {
      return;
    }
    if (message.type !== 'error') {
      this.#late.get(id)?.();
    }
    this.#late.delete(id);
    const pending = this.#pending.get(id);
    if (!pending) {
      return;
    }
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (message.type === 'error') {
      pending.reject(new RequestFault(message));
    } else if (isAnswered(message)) {
      pending.resolve(message);
    }
  }

  dispose(): void {
    for (const { timer } of this.#pending.values()) {
      clearTimeout(timer);
    }
    this.#pending.clear();
    this.#late.clear();
  }
}

function unanswered(): RequestFault {
  return new RequestFault({ code: NO_ANSWER, what: '', hint: '' });
}

function isAnswered(message: KernelMessage): message is Answered {
  return 're' in message && message.type !== 'error';
}
