package org.centerloss.cuda.virtual.instruction;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** Operands on which implementations differ: edges of the ranges, halves, special values. */
public final class AwkwardNumbers {
    private AwkwardNumbers() {}

    /** As many operands as asked for; operand number {@code position} pairs with the others. */
    public static long[] lanes(Type type, int count, int position, long seed) {
        long[] edges = edges(type);
        long[] values = new long[count];
        Random random = new Random(seed * 31 + position);
        for (int lane = 0; lane < count; lane++) {
            if (position == 0) {
                values[lane] = edges[lane % edges.length];
            } else if (position == 1) {
                values[lane] = edges[lane / edges.length % edges.length];
            } else {
                values[lane] = edges[random.nextInt(edges.length)];
            }
        }
        return values;
    }

    private static long[] edges(Type type) {
        Random random = new Random(type.bits());
        if (type.kind() == 'f') {
            DoubleStream any = DoubleStream.generate(() -> 100 * random.nextGaussian()).limit(6);
            return type.bits() == 32
                    ? DoubleStream.concat(Arrays.stream(FLOATS), any)
                            .mapToLong(v -> Float.floatToRawIntBits((float) v))
                            .toArray()
                    : DoubleStream.concat(Arrays.stream(DOUBLES), any)
                            .mapToLong(Double::doubleToRawLongBits)
                            .toArray();
        }
        long top = type.bits() == 64 ? Long.MIN_VALUE : 1L << (type.bits() - 1);
        LongStream near =
                LongStream.of(
                        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 255, -1, -2, -31, top,
                        top + 1, top - 1);
        return LongStream.concat(near, random.longs(5)).map(type::truncate).toArray();
    }

    private static final double[] FLOATS = {
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        1.5,
        2.5,
        -2.5,
        1.0f + 0x1p-23f,
        1 - 0x1p-24,
        0x1p-24,
        -0x1p-25,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL / 4,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        0x1p31,
        0x1p23 + 0.5,
        1f / 3
    };

    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -1.5,
        2.5,
        1 + 0x1p-52,
        1 - 0x1p-53,
        0x1p-53,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        -Double.MIN_NORMAL / 4,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        0x1p31,
        -0x1p31 - 0.5,
        0x1p63,
        1.0 / 3,
        1 + 0x1p-24,
        Float.MAX_VALUE * 1.00000001
    };
}
