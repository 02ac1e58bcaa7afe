package org.centerloss.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes whatever they mean: bits, numbers of 1, 4 and 8 bytes, lengths, order. */
public final class ByteMutator implements Mutator {
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        -1,
        127,
        128,
        255,
        256,
        0x7fff,
        0xffff,
        0x7fffffff,
        0x80000000L,
        0xffffffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** Where headers lie: half of the changes are made there. */
    private static final int HEADER = 600;

    @Override
    public byte[] mutate(byte[] content, Random random) {
        byte[] bytes = content.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, Random random) {
        if (bytes.length < 16) {
            byte[] other = new byte[random.nextInt(64)];
            random.nextBytes(other);
            return other;
        }
        int at = place(bytes.length, random);
        int length = 1 + random.nextInt(Math.min(bytes.length - at, 1 << random.nextInt(12)));
        switch (random.nextInt(9)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) NUMBERS[random.nextInt(NUMBERS.length)];
            case 3 -> number(bytes, random);
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                return spliced(bytes, at, at + length, new byte[0]);
            }
            case 6 -> {
                byte[] part = Arrays.copyOfRange(bytes, at, at + length);
                int to = place(bytes.length, random);
                return spliced(bytes, to, to, part);
            }
            case 7 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : -1));
            default -> {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                return spliced(bytes, at, random.nextBoolean() ? at : at + length, noise);
            }
        }
        return bytes;
    }

    private static void number(byte[] bytes, Random random) {
        ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        int at = Math.min(place(bytes.length, random), bytes.length - 8);
        if (random.nextBoolean()) {
            buffer.putInt(at, (int) number);
        } else {
            buffer.putLong(at, number);
        }
    }

    private static int place(int length, Random random) {
        return random.nextInt(random.nextBoolean() ? length : Math.min(length, HEADER));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] part) {
        byte[] result = new byte[from + part.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(part, 0, result, from, part.length);
        System.arraycopy(bytes, to, result, from + part.length, bytes.length - to);
        return result;
    }
}
