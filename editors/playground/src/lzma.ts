/**
 * Unpacks a raw LZMA stream, as `xz --format=lzma` writes it behind its header, into size bytes. The specification is
 * https://www.7-zip.org/sdk.html, "LZMA Specification"; names are those of that text. Browsers themselves only know deflate, with which
 * the program would be half as large again.
 */
export function unpack(packed: Uint8Array, properties: number, size: number): Uint8Array {
  const lc = properties % 9;
  const lp = Math.floor(properties / 9) % 5;
  const pb = Math.floor(properties / 45);
  const out = new Uint8Array(size);

  // Probabilities: one array with the parts one after the other.
  let used = 0;
  const part = (n: number): number => (used += n) - n;
  const isMatch = part(12 << 4);
  const isRep = part(12);
  const isRepG0 = part(12);
  const isRepG1 = part(12);
  const isRepG2 = part(12);
  const isRep0Long = part(12 << 4);
  const posSlot = part(4 << 6);
  const posSpecial = part(115);
  const align = part(16);
  const matchLength = part(2 + (16 << 3) + (16 << 3) + 256);
  const repLength = part(2 + (16 << 3) + (16 << 3) + 256);
  const literal = part(0x300 << (lc + lp));
  const probs = new Uint16Array(used).fill(1024);

  let at = 5; // the first byte of the range coder is always zero
  let range = -1 >>> 0;
  let code = ((packed[1] << 24) | (packed[2] << 16) | (packed[3] << 8) | packed[4]) >>> 0;

  const bit = (i: number): number => {
    const p = probs[i];
    const bound = (range >>> 11) * p;
    let b: number;
    if (code < bound) {
      range = bound;
      probs[i] = p + ((2048 - p) >> 5);
      b = 0;
    } else {
      range -= bound;
      code -= bound;
      probs[i] = p - (p >> 5);
      b = 1;
    }
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[at++]) >>> 0;
    }
    return b;
  };
  const tree = (base: number, bits: number): number => {
    let m = 1;
    for (let i = 0; i < bits; i++) {
      m = (m << 1) | bit(base + m);
    }
    return m - (1 << bits);
  };
  const reverse = (base: number, bits: number): number => {
    let m = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const b = bit(base + m);
      m = (m << 1) | b;
      value |= b << i;
    }
    return value;
  };
  const direct = (bits: number): number => {
    let value = 0;
    for (; bits > 0; bits--) {
      range >>>= 1;
      const b = code >= range ? 1 : 0;
      if (b) {
        code -= range;
      }
      value = (value << 1) | b;
      if (range < 0x1000000) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | packed[at++]) >>> 0;
      }
    }
    return value;
  };
  const length = (base: number, posState: number): number => {
    if (!bit(base)) {
      return 2 + tree(base + 2 + (posState << 3), 3);
    }
    if (!bit(base + 1)) {
      return 10 + tree(base + 2 + 128 + (posState << 3), 3);
    }
    return 18 + tree(base + 2 + 256, 8);
  };
  const distance = (len: number): number => {
    const slot = tree(posSlot + (Math.min(len - 2, 3) << 6), 6);
    if (slot < 4) {
      return slot;
    }
    const bits = (slot >> 1) - 1;
    const start = (2 | (slot & 1)) << bits;
    if (slot < 14) {
      return start + reverse(posSpecial + start - slot, bits);
    }
    return start + (direct(bits - 4) << 4) + reverse(align, 4);
  };

  let state = 0;
  let rep0 = 0;
  let rep1 = 0;
  let rep2 = 0;
  let rep3 = 0;
  for (let pos = 0; pos < size; ) {
    const posState = pos & ((1 << pb) - 1);
    if (!bit(isMatch + (state << 4) + posState)) {
      const before = pos > 0 ? out[pos - 1] : 0;
      const base = literal + 0x300 * (((pos & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
      let symbol = 1;
      if (state >= 7) {
        let match = out[pos - rep0 - 1];
        do {
          const matchBit = (match >> 7) & 1;
          match <<= 1;
          const b = bit(base + ((1 + matchBit) << 8) + symbol);
          symbol = (symbol << 1) | b;
          if (matchBit !== b) {
            break;
          }
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) {
        symbol = (symbol << 1) | bit(base + symbol);
      }
      out[pos++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let len: number;
    if (!bit(isRep + state)) {
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      len = length(matchLength, posState);
      state = state < 7 ? 7 : 10;
      rep0 = distance(len);
    } else {
      if (!bit(isRepG0 + state)) {
        if (!bit(isRep0Long + (state << 4) + posState)) {
          state = state < 7 ? 9 : 11;
          out[pos] = out[pos - rep0 - 1];
          pos++;
          continue;
        }
      } else {
        let next = rep1;
        if (bit(isRepG1 + state)) {
          next = rep2;
          if (bit(isRepG2 + state)) {
            next = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = next;
      }
      len = length(repLength, posState);
      state = state < 7 ? 8 : 11;
    }
    if (rep0 < 0 || rep0 >= pos || pos + len > size) {
      throw new Error('the program in this page is damaged');
    }
    for (; len > 0; len--, pos++) {
      out[pos] = out[pos - rep0 - 1];
    }
  }
  return out;
}
