package org.centerloss.verify;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.centerloss.base.Bounds;
import org.centerloss.format.SafetensorsEntry;

/**
 * Initial weights that a recorded run draws from a generator instead of storing them: the metadata
 * say how, and the file holds a checksum and the first numbers of each tensor.
 *
 * <p>Element i, in row-major order, of tensor t is mid + u · bound, computed in float64 and rounded
 * to float32, with u = 2 · ((splitmix64(seed + 2³² · t + i) ⋙ 40) / 2²⁴ − ½). Source of splitmix64:
 * Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators".
 */
final class GeneratedWeights implements InitialWeights {
    /** The metadata's list of tensors. */
    static final String TENSORS = "init.tensors";

    private static final String CHECKSUMS = "init.crc32";
    private static final String HEAD = "init.head.";
    private static final int HEAD_SIZE = 4;

    private final RecordedFile file;
    private final long seed;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    private final long[] checksums;

    /** One tensor as the metadata describe it. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private record Tensor(int t, String name, List<Integer> shape, double mid, double bound) {
        Tensor {
            Bounds.require(
                    shape.stream().allMatch(length -> length >= 1),
                    "the shape of " + Bounds.shown(name),
                    "lengths of at least 1",
                    shape);
        }
    }

    /**
     * Reads the description.
     *
     * @throws org.centerloss.base.InputException if it is unsound, or not as long as the list of
     *     checksums
     */
    GeneratedWeights(RecordedFile file) {
        this.file = file;
        seed = file.whole("seed");
        Tensor[] listed = file.json(TENSORS, Tensor[].class);
        for (int t = 0; t < listed.length; t++) {
            Tensor tensor = listed[t];
            if (tensor.t != t || tensors.put(tensor.name, tensor) != null) {
                throw file.failure(
                        "metadata '%s': expected number %d, with a name of its own, at place %d, found %d, %s"
                                .formatted(TENSORS, t, t, tensor.t, Bounds.shown(tensor.name)));
            }
            shapes.put(tensor.name, tensor.shape);
        }
        checksums = file.take(CHECKSUMS).requireShape(listed.length).toLongs();
    }

    @Override
    public Map<String, List<Integer>> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public double[] values(String name) {
        Tensor tensor = tensors.get(name);
        int size = tensor.shape.stream().reduce(1, Math::multiplyExact);
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = value(tensor, i);
        }
        requireHead(name, values);
        requireChecksum(tensor, values);
        return values;
    }

    private double value(Tensor tensor, int i) {
        long bits = splitmix64(seed + ((long) tensor.t << 32) + i);
        double u = ((bits >>> 40) / 0x1p24 - 0.5) * 2;
        return (float) (tensor.mid + u * tensor.bound);
    }

    private static long splitmix64(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void requireHead(String name, double[] values) {
        double[] found = Arrays.copyOf(values, Math.min(HEAD_SIZE, values.length));
        SafetensorsEntry head = file.take(HEAD + name);
        double[] expected = head.requireShape(found.length).toDoubles();
        if (!Arrays.equals(found, expected)) {
            throw file.failure(
                    "%s%s: expected %s, found %s by the generator"
                            .formatted(
                                    HEAD, name, Arrays.toString(expected), Arrays.toString(found)));
        }
    }

    private void requireChecksum(Tensor tensor, double[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        CRC32 checksum = new CRC32();
        checksum.update(bytes.flip());
        if (checksum.getValue() != checksums[tensor.t]) {
            throw file.failure(
                    "%s of %s: expected %08x, found %08x by the generator"
                            .formatted(
                                    CHECKSUMS,
                                    tensor.name,
                                    checksums[tensor.t],
                                    checksum.getValue()));
        }
    }
}
