/** What one view knows of the kernel's session, kept in step with it. */

import { after, fromSnapshot, isOld } from './conversation';
import type { IConversation } from './conversation';
import { faultOf } from './faults';
import type { ITransport } from './host';
import { isChange, isType } from './messages';
import type { Answered, Change } from './messages';
import type { IFault, IOperations, ISnapshot, KernelMessage, Operation } from './protocol';
import { Requests } from './requests';
import type { IRequestOptions } from './requests';

const SNAPSHOT_INTERVAL = 1000;
const MOST_HELD = 500;

/**
 * Begins by asking for a snapshot, then follows the numbered changes. When one is missing it asks
 * for a snapshot again, at most once a second, and holds later changes back until that comes.
 */
export class ChatModel {
  #requests: Requests;
  #conversation: IConversation | null = null;
  #inStep = false;
  #held: Change[] = [];
  #asking = false;
  #askedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fault: IFault | null = null;
  #listeners = new Set<() => void>();
  #stopListening: () => void;

  constructor(transport: ITransport) {
    this.#requests = new Requests(transport);
    this.#stopListening = transport.onMessage(message => this.#take(message));
    this.#askForSnapshot();
  }

  /** Null until the first snapshot has come. */
  get conversation(): IConversation | null {
    return this.#conversation;
  }

  /** Why there is no conversation to show. */
  get fault(): IFault | null {
    return this.#conversation ? null : this.#fault;
  }

  /** Call `listener` after each change; returns how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ask the kernel for something; rejects with a RequestFault. */
  request<Op extends Operation>(
    op: Op,
    args: IOperations[Op],
    options?: IRequestOptions
  ): Promise<Answered> {
    return this.#requests.send(op, args, options);
  }

  /** Ask for the whole conversation anew. */
  refresh(): void {
    this.#fault = null;
    this.#emit();
    this.#askForSnapshot();
  }

  dispose(): void {
    this.#stopListening();
    this.#requests.dispose();
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #take(message: KernelMessage): void {
    if (isType(message, 'snapshot')) {
      this.#takeSnapshot(message);
    } else if (isChange(message)) {
      this.#takeChange(message);
    }
    this.#requests.settle(message);
  }

  #takeSnapshot(snapshot: ISnapshot): void {
    const known = this.#conversation;
    this.#asking = false;
    if (this.#inStep && known?.run === snapshot.run && snapshot.seq <= known.seq) {
      return;
    }
    this.#conversation = fromSnapshot(snapshot);
    this.#inStep = true;
    this.#fault = null;
    const held = this.#held.filter(change => change.run === snapshot.run);
    this.#held = [];
    held.forEach(change => this.#takeChange(change));
    this.#emit();
  }

  #takeChange(change: Change): void {
    const known = this.#conversation;
    if (known && this.#inStep) {
      if (isOld(known, change)) {
        return;
      }
      const next = after(known, change);
      if (next) {
        this.#conversation = next;
        this.#emit();
        return;
      }
    }
    this.#inStep = false;
    this.#held = [...this.#held, change].slice(-MOST_HELD);
    this.#askForSnapshot();
  }

  #askForSnapshot(): void {
    if (this.#asking || this.#timer !== undefined) {
      return;
    }
    const wait = this.#askedAt + SNAPSHOT_INTERVAL - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#sendForSnapshot(), wait);
    } else {
      this.#sendForSnapshot();
    }
  }

  #sendForSnapshot(): void {
    this.#timer = undefined;
    this.#asking = true;
    this.#askedAt = performance.now();
    this.#requests.send('snapshot', {}).catch((error: unknown) => {
      this.#asking = false;
      this.#fault = faultOf(error);
      this.#emit();
    });
  }

  #emit(): void {
    this.#listeners.forEach(listener => listener());
  }
}
