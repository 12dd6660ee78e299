import { type ReactElement, useRef } from "react";

/** Properties of `UploadButton`. */
export interface UploadButtonProps {
  readonly label: string;
  readonly onChoose: (file: File) => void;
}

/** Shows a button that asks for a file of JSON. */
export function UploadButton({ label, onChoose }: UploadButtonProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // The same file can be chosen again after a change.
          target.value = "";
          if (file) {
            onChoose(file);
          }
        }}
      />
    </>
  );
}
