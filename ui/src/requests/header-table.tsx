import type { ReactElement } from "react";

/** Properties of `HeaderTable`. */
export interface HeaderTableProps {
  readonly title: string;
  readonly headers: readonly (readonly [name: string, value: string])[] | undefined;
}

/** Shows header fields in their order, or nothing if there are none. */
export function HeaderTable({ title, headers = [] }: HeaderTableProps): ReactElement | null {
  return headers.length === 0 ? null : (
    <div>
      <h3>{title}</h3>
      <table className="headers">
        <tbody>
          {headers.map(([name, value], index) => (
            // A header may occur twice with the same value.
            <tr key={`${index} ${name}`}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
