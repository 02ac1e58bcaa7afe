package org.centerloss.verify;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.centerloss.base.InputException;
import org.centerloss.device.Device;
import org.centerloss.format.Safetensors;

/**
 * Golden files: results that the reference implementation recorded, of losses or of training runs.
 */
public final class Golden {
    private Golden() {}

    /**
     * Repeats what a file recorded and hands a row for each of its results to {@code sink}.
     *
     * @throws InputException if the file is unsound or not a golden file
     */
    public static void run(Device device, Path file, Consumer<ResultRow> sink) {
        Safetensors golden = Safetensors.read(file);
        String name = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
        if (GoldenNetwork.accepts(golden)) {
            GoldenNetwork.run(name, golden, device, sink);
        } else if (GoldenLosses.accepts(golden)) {
            GoldenLosses.run(name, golden, device, sink);
        } else {
            throw new InputException(
                    "%s: expected results of losses or of a training run, found neither"
                            .formatted(file));
        }
    }
}
