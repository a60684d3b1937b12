import { beforeEach, describe, expect, test } from 'vitest';

import type { ICodeCellModel } from '@jupyterlab/cells';

import { askAbout, explain, fix } from '../../cellActs';
import type { ITransport } from '../../chat/host';
import type { IChat } from '../../chat/mountChat';
import type { KernelMessage } from '../../chat/protocol';
import { englishWords } from '../../chat/words';
import { fenced, subjectOf } from '../../subject';

const RAN = { number: 3, first_line: 'x = 1' };

/** A kernel that has run one cell. */
function kernelKnowing(cells: { number: number; first_line: string }[]): ITransport {
  const listeners = new Set<(message: KernelMessage) => void>();
  return {
    send: ({ id }) => {
      const reply: KernelMessage = {
        type: 'completions',
        re: id,
        variables: [],
        cells,
        error: false,
        figure: false
      };
      listeners.forEach(listener => listener(reply));
    },
    onMessage: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  };
}

function cell(source: string, executionCount: number | null, isDirty = false): ICodeCellModel {
  const sharedModel = { getSource: () => source };
  return { sharedModel, executionCount, isDirty } as unknown as ICodeCellModel;
}

describe('a cell in a question', () => {
  test('has its number where the kernel has run it as it stands', async () => {
    const subject = await subjectOf(cell('x = 1\nx', 3), kernelKnowing([RAN]));
    expect(subject).toEqual({ source: 'x = 1\nx', number: 3, isEdited: false });
  });

  test('has no number before it has run, or from an earlier kernel', async () => {
    expect((await subjectOf(cell('x = 1', null), kernelKnowing([RAN]))).number).toBeNull();
    expect((await subjectOf(cell('x = 1', 7), kernelKnowing([RAN]))).number).toBeNull();
  });

  test('counts as edited where the kernel ran something else, or JupyterLab says so', async () => {
    expect((await subjectOf(cell('y = 1', 3), kernelKnowing([RAN]))).isEdited).toBe(true);
    expect((await subjectOf(cell('x = 1', 3, true), kernelKnowing([RAN]))).isEdited).toBe(true);
  });

  test('goes into a longer fence than any that its code holds', () => {
    expect(fenced('a = """\n````\n"""')).toBe('`````python\na = """\n````\n"""\n`````\n');
  });
});

describe('what is done with a cell', () => {
  let done: string[];
  let chat: IChat;
  const ran = { source: 'x = 1', number: 3, isEdited: false };
  const edited = { ...ran, isEdited: true };
  const failed = { ...ran, error: 'ZeroDivisionError: division by zero', isNewest: true };

  beforeEach(() => {
    done = [];
    const note = (verb: string) => (text: string) => {
      done.push(`${verb} ${text}`);
      return Promise.resolve(true);
    };
    const fill = (text: string) => void done.push(`fill ${text}`);
    const nothing = () => undefined;
    chat = { ask: note('ask'), command: note('command'), fill, focus: nothing, dispose: nothing };
  });

  test('asking puts it into the box, by number or as code', () => {
    askAbout(chat, ran, '');
    askAbout(chat, edited, '');
    expect(done).toEqual(['fill @cell:3 ', 'fill ```python\nx = 1\n```\n']);
  });

  test('a question that is given is asked at once', () => {
    askAbout(chat, ran, 'Why 1?');
    expect(done).toEqual(['ask Why 1?\n\n@cell:3']);
  });

  test('explaining names it by number, or sends what stands there now', () => {
    explain(chat, ran, englishWords);
    explain(chat, edited, englishWords);
    expect(done[0]).toBe('command explain 3');
    expect(done[1]).toMatch(/^ask Explain this cell[^]*x = 1\n```$/);
  });

  test('the newest failure is fixed by the command, an older one by asking', () => {
    fix(chat, failed, englishWords);
    fix(chat, { ...failed, isNewest: false }, englishWords);
    expect(done[0]).toBe('command fix');
    expect(done[1]).toMatch(/^ask This cell fails\.[^]*@cell:3 \nZeroDivisionError: division by zero$/);
  });
});
