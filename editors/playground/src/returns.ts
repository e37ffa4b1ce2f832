/**
 * Writes the return addresses back that shrink.go has made relative: before each call a Go program stores the address to return to, a
 * number that no other call has, so that 69,000 of them hardly compress. An address is the number of its function, counted from 4096,
 * and 16 bits of a place within it that grows along the function; `i64.const` with a number of five bytes, whose last four are empty
 * (which no linker writes), holds only how much the place has grown. The program is changed in place and keeps its length.
 * Format: https://webassembly.github.io/spec/core/binary/modules.html; addresses: cmd/link/internal/wasm/asm.go of Go.
 */
export function restoreReturns(program: Uint8Array): void {
  let at = 8; // behind magic and version
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = program[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < program.length) {
    const section = program[at++];
    const end = unsigned() + at;
    if (section === 10) {
      const functions = unsigned();
      for (let i = 0; i < functions; i++) {
        const body = unsigned() + at;
        restore(program.subarray(at, body), 4096 + i);
        at = body;
      }
    }
    at = end;
  }
}

function restore(body: Uint8Array, number: number): void {
  let place = 0;
  for (let i = body.indexOf(0x42); i >= 0 && i + 5 < body.length; i = body.indexOf(0x42, i + 1)) {
    if (body[i + 1] < 0x80 || body[i + 2] !== 0x80 || body[i + 3] !== 0x80 || body[i + 4] !== 0x80 || body[i + 5] !== 0) {
      continue;
    }
    place += body[i + 1] & 0x7f;
    let address = number * 0x10000 + place;
    for (let k = 1; k <= 5; k++, address = Math.floor(address / 128)) {
      body[i + k] = (address % 128) | (k < 5 ? 0x80 : 0);
    }
  }
}
