package org.centerloss.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;

/** One tensor of a {@link Safetensors} file. */
public final class SafetensorsEntry {
    /** The element types that are read; those of two bytes are not written. */
    public enum Type {
        F64(8),
        I64(8),
        F32(4),
        I32(4),
        F16(2),
        BF16(2),
        U8(1);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    private final String where;
    private final Type type;
    private final int[] shape;
    private final ByteBuffer bytes;

    SafetensorsEntry(String where, Type type, int[] shape, ByteBuffer bytes) {
        this.where = where;
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    public Type type() {
        return type;
    }

    public int[] shape() {
        return shape.clone();
    }

    /** The number of elements. */
    public int size() {
        return bytes.limit() / type.bytes;
    }

    /**
     * This entry, when it has the given shape.
     *
     * @throws InputException where it has another
     */
    public SafetensorsEntry requireShape(int... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw new InputException(
                    where
                            + "expected shape "
                            + Arrays.toString(expected)
                            + ", found "
                            + Bounds.shown(Arrays.toString(shape)));
        }
        return this;
    }

    /**
     * This entry, when it has one of these numbers of dimensions, each of at least 1.
     *
     * @throws InputException where it has another
     */
    public SafetensorsEntry requireRank(int... ranks) {
        if (Arrays.stream(ranks).noneMatch(rank -> rank == shape.length)
                || Arrays.stream(shape).anyMatch(length -> length < 1)) {
            throw new InputException(
                    where
                            + "expected "
                            + Arrays.toString(ranks)
                            + " dimensions of at least 1, found "
                            + Bounds.shown(Arrays.toString(shape)));
        }
        return this;
    }

    /** The elements of {@link #toDoubles}, rounded. */
    public float[] toFloats() {
        float[] values = new float[size()];
        if (type == Type.F32) {
            bytes.asFloatBuffer().get(values);
        } else {
            double[] wide = toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide[i];
            }
        }
        return values;
    }

    /** The elements of an F64, F32, F16 or BF16 tensor, exactly. */
    public double[] toDoubles() {
        requireType(Type.F64, Type.F32, Type.F16, Type.BF16);
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (type) {
                        case F64 -> bytes.getDouble(8 * i);
                        case F32 -> bytes.getFloat(4 * i);
                        case F16 -> half(bytes.getShort(2 * i));
                        default -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                    };
        }
        return values;
    }

    /** A number in IEEE 754's binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude =
                switch (exponent) {
                    case 0 -> Math.scalb((float) fraction, -24);
                    case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Math.scalb((float) (fraction + 0x400), exponent - 25);
                };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** The elements of an I32 tensor, or of an I64 tensor whose values fit. */
    public int[] toInts() {
        requireType(Type.I32, Type.I64);
        int[] values = new int[size()];
        for (int i = 0; i < values.length; i++) {
            long value = type == Type.I32 ? bytes.getInt(4 * i) : bytes.getLong(8 * i);
            if (value != (int) value) {
                throw new InputException(
                        where + "element " + i + ": expected a 32-bit integer, found " + value);
            }
            values[i] = (int) value;
        }
        return values;
    }

    /**
     * The elements of an I32 or I64 tensor, each the index of a class.
     *
     * @throws InputException where one is negative or not below {@code classes}
     */
    public int[] toClasses(int classes) {
        int[] values = toInts();
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= classes) {
                throw new InputException(
                        where
                                + "element %d: expected a class from 0 to %d, found %d"
                                        .formatted(i, classes - 1, values[i]));
            }
        }
        return values;
    }

    /** The elements of an I64 tensor. */
    public long[] toLongs() {
        requireType(Type.I64);
        long[] values = new long[size()];
        bytes.asLongBuffer().get(values);
        return values;
    }

    /** The elements of a U8 tensor. */
    public byte[] toBytes() {
        requireType(Type.U8);
        byte[] values = new byte[size()];
        bytes.get(0, values);
        return values;
    }

    private void requireType(Type... allowed) {
        if (!Arrays.asList(allowed).contains(type)) {
            throw new InputException(
                    where + "expected elements of " + Arrays.toString(allowed) + ", found " + type);
        }
    }
}
