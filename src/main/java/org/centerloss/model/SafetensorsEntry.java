package org.centerloss.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.centerloss.InputException;

/** One tensor of a {@link Safetensors} file. */
public final class SafetensorsEntry {
    /** The element types that are read and written. */
    public enum Type {
        F64(8),
        I64(8),
        F32(4),
        I32(4),
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
                            + Arrays.toString(shape));
        }
        return this;
    }

    /** The elements of an F32 or, rounded, of an F64 tensor. */
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

    /** The elements of an F32 or F64 tensor. */
    public double[] toDoubles() {
        requireType(Type.F32, Type.F64);
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == Type.F32 ? bytes.getFloat(4 * i) : bytes.getDouble(8 * i);
        }
        return values;
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
