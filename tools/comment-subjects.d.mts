/** A line whose comment begins with a question word. */
export interface FoundQuestion {
  /** The number of the line, from 1. */
  readonly line: number;
  readonly word: string;
}

export function questionsIn(text: string): FoundQuestion[];
export function commentsWithoutSubject(paths?: readonly string[]): string[];
