package org.centerloss.interchange;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.format.SafetensorsWriter;

/**
 * What PyTorch recorded of a training run of the reference implementation: 3×32×32, 16 features.
 */
public final class GoldenWeights {
    private final Safetensors golden;

    public GoldenWeights() throws URISyntaxException {
        golden =
                Safetensors.read(
                        Path.of(
                                GoldenWeights.class
                                        .getResource("/golden/resnet-xent-rgb-d16.safetensors")
                                        .toURI()));
    }

    /** A recorded tensor. */
    public SafetensorsEntry get(String name) {
        return golden.get(name);
    }

    /** The state_dict and the centers before the first step, by their own names. */
    public Map<String, SafetensorsEntry> stateDict() {
        String start = "init.";
        Map<String, SafetensorsEntry> all = new TreeMap<>();
        golden.entries()
                .forEach(
                        (name, entry) -> {
                            if (name.startsWith(start)) {
                                all.put(name.substring(start.length()), entry);
                            }
                        });
        return all;
    }

    /** Writes them as PyTorch does, with the counters of its batch normalisations. */
    public Path write(Path file) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.putMetadata("format", "pt");
        stateDict()
                .forEach(
                        (name, entry) -> {
                            writer.put(name, entry.toFloats(), entry.shape());
                            if (name.endsWith(".running_var")) {
                                String layer = name.substring(0, name.lastIndexOf('.'));
                                writer.put(layer + ".num_batches_tracked", new long[] {0});
                            }
                        });
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.write(out);
        }
        return file;
    }
}
