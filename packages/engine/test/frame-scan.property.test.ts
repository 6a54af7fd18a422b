import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameScan } from '../src/transport/http2/frame-scan.ts';

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly reserved: boolean;
  readonly payloadBytes: number;
  readonly code: number;
}

const frame: fc.Arbitrary<Frame> = fc.record({
  type: fc.oneof(fc.constantFrom(0, 3), fc.nat(255)),
  flags: fc.oneof(fc.constantFrom(0, 1), fc.nat(255)),
  streamId: fc.nat(0x7fff_ffff),
  reserved: fc.boolean(),
  payloadBytes: fc.oneof(fc.constant(0), fc.constant(4), fc.nat(20), fc.nat(70_000)),
  code: fc.oneof(fc.constantFrom(0, 8), fc.nat(0xffff_ffff)),
});

function bytesOf({ type, flags, streamId, reserved, payloadBytes, code }: Frame): Buffer {
  // A payload that looks like frames.
  const bytes = Buffer.alloc(9 + payloadBytes, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 1]));
  bytes.writeUIntBE(payloadBytes, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE((reserved ? 0x8000_0000 : 0) + streamId, 5);
  if (type === 3 && payloadBytes === 4) bytes.writeUInt32BE(code, 9);
  return bytes;
}

it('tells empty ends and resets of frames in order, in pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 100_000 })), {
        minLength: 1,
      }),
      (frames, sizes) => {
        const told: string[] = [];
        const scan = new FrameScan({
          onEmptyEnd: (id) => told.push(`end ${id}`),
          onReset: (id, code) => told.push(`reset ${id} ${code}`),
        });
        const bytes = Buffer.concat(frames.map(bytesOf));
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const part = bytes.subarray(at, at + sizes[piece % sizes.length]!);
          scan.push(part);
          at += part.length;
        }
        expect(told).toEqual(
          frames.flatMap(({ type, flags, streamId, payloadBytes, code }) => {
            // A reset of another size is an error of the connection.
            if (type === 3) return payloadBytes === 4 ? [`reset ${streamId} ${code}`] : [];
            return type === 0 && payloadBytes === 0 && (flags & 1) === 1 ? [`end ${streamId}`] : [];
          }),
        );
      },
    ),
  );
});
