package org.centerloss.verify;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.format.SafetensorsWriter;

/** A copy of a safetensors file in which something is different. */
final class AlteredFile {
    private final Safetensors source;
    private final Map<String, String> metadata;
    private final Map<String, Consumer<double[]>> changes = new HashMap<>();
    private final Map<String, Consumer<long[]>> integerChanges = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private int steps = Integer.MAX_VALUE;

    AlteredFile(Path source) {
        this.source = Safetensors.read(source);
        metadata = new HashMap<>(this.source.metadata());
    }

    /** A file of the test resources. */
    static Path golden(String name) throws URISyntaxException {
        return Path.of(AlteredFile.class.getResource("/golden/" + name + ".safetensors").toURI());
    }

    /** Replaces a part of a text of the metadata, which must be there. */
    AlteredFile metadata(String key, String part, String other) {
        if (!metadata.get(key).contains(part)) {
            throw new IllegalArgumentException(key + " without " + part);
        }
        metadata.put(key, metadata.get(key).replace(part, other));
        return this;
    }

    /** Changes the numbers of a tensor of floating-point numbers. */
    AlteredFile tensor(String name, Consumer<double[]> change) {
        source.get(name);
        changes.put(name, change);
        return this;
    }

    /** Changes the numbers of a tensor of whole numbers of 64 bits. */
    AlteredFile integers(String name, Consumer<long[]> change) {
        source.get(name);
        integerChanges.put(name, change);
        return this;
    }

    /** Gives a tensor another name. */
    AlteredFile renamed(String name, String other) {
        source.get(name);
        names.put(name, other);
        return this;
    }

    /** Leaves out the losses of later steps and all that is known of the end. */
    AlteredFile firstSteps(int count) {
        steps = count;
        return this;
    }

    Path write(Path target) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        metadata.forEach(writer::putMetadata);
        source.entries()
                .forEach(
                        (name, entry) -> {
                            if (steps == Integer.MAX_VALUE || !name.startsWith("final.")) {
                                put(writer, name, entry);
                            }
                        });
        try (OutputStream out = Files.newOutputStream(target)) {
            writer.write(out);
        }
        return target;
    }

    private void put(SafetensorsWriter writer, String name, SafetensorsEntry entry) {
        String other = names.getOrDefault(name, name);
        int[] shape = entry.shape();
        switch (entry.type()) {
            case U8 -> writer.put(other, entry.toBytes(), shape);
            case I32 -> writer.put(other, entry.toInts(), shape);
            case I64 -> {
                long[] values = entry.toLongs();
                integerChanges.getOrDefault(name, same -> {}).accept(values);
                writer.put(other, values, shape);
            }
            case F32 -> {
                double[] values = changed(name, entry);
                float[] rounded = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    rounded[i] = (float) values[i];
                }
                writer.put(other, rounded, shape);
            }
            default -> {
                double[] values = changed(name, entry);
                if (name.startsWith("losses")) {
                    shape[0] = Math.min(shape[0], steps);
                    values = Arrays.copyOf(values, shape[0]);
                }
                writer.put(other, values, shape);
            }
        }
    }

    private double[] changed(String name, SafetensorsEntry entry) {
        double[] values = entry.toDoubles();
        changes.getOrDefault(name, same -> {}).accept(values);
        return values;
    }
}
