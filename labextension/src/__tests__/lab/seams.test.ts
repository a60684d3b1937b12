import { beforeEach, describe, expect, test } from 'vitest';

import { Signal } from '@lumino/signaling';

import type { ITransport } from '../../chat/host';
import type { ContextMode, IRequest, KernelMessage } from '../../chat/protocol';
import { setContextDefault } from '../../contextDefault';
import { Draft } from '../../drafts';
import type { IChatPreferences } from '../../tokens';
import { isOurVersion, VERSION } from '../../version';

describe('the context setting', () => {
  let sent: IRequest[];
  let hear: (message: KernelMessage) => void;
  let transport: ITransport;

  beforeEach(() => {
    sent = [];
    transport = {
      send: request => sent.push(request),
      onMessage: listener => {
        hear = listener;
        return () => undefined;
      }
    };
  });

  function preferring(context: ContextMode | 'kernel'): IChatPreferences {
    const changed = new Signal<IChatPreferences, void>({} as IChatPreferences);
    return { side: 'right', enterSends: true, context, changed, reload: () => undefined };
  }

  function snapshot(run: string, turns: number): KernelMessage {
    const header = { context: 'auto' };
    const message = { type: 'snapshot', run, seq: 1, turns: Array(turns).fill({}), header };
    return message as unknown as KernelMessage;
  }

  test('is told to a new conversation, once', () => {
    setContextDefault(transport, preferring('none'));
    hear(snapshot('a', 0));
    hear(snapshot('a', 0));
    hear(snapshot('b', 0));
    expect(sent.map(({ op, args }) => [op, args])).toEqual([
      ['set', { context: 'none' }],
      ['set', { context: 'none' }]
    ]);
  });

  test('leaves a conversation alone that has begun', () => {
    setContextDefault(transport, preferring('none'));
    hear(snapshot('a', 2));
    hear(snapshot('a', 0));
    expect(sent).toEqual([]);
  });

  test('leaves the kernel’s own setting where none is preferred', () => {
    setContextDefault(transport, preferring('kernel'));
    hear(snapshot('a', 0));
    expect(sent).toEqual([]);
  });
});

describe('a draft', () => {
  test('is there again after a reload, for its own notebook only', () => {
    new Draft(() => 'One.ipynb').save('Why is');
    expect(new Draft(() => 'One.ipynb').load()).toBe('Why is');
    expect(new Draft(() => 'Two.ipynb').load()).toBe('');
  });

  test('leaves nothing behind when it is empty', () => {
    const draft = new Draft(() => 'One.ipynb');
    draft.save('Why');
    draft.save('');
    expect(localStorage.length).toBe(0);
  });
});

test('a version is the same however npm and Python write it', () => {
  expect(isOurVersion(VERSION.replace('-', '.'))).toBe(true);
  expect(isOurVersion('99.0')).toBe(false);
});
