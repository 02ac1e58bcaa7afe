package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.Output;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.train.Checkpoint;

/**
 * A trained model as a safetensors file for PyTorch: the float32 tensors that the reference
 * implementation's {@code ResNet} loads with {@code load_state_dict(strict=True)}, and its {@code
 * centers}, which are no part of that network. The metadata are {@link ExportedModel#metadata}.
 *
 * <p>The counters {@code num_batches_tracked} are left out: PyTorch's batch normalisation sets them
 * to 0 where a file without version numbers lacks them ({@code _NormBase._load_from_state_dict}),
 * and uses them only where its momentum is None.
 */
public final class StateDict {
    private StateDict() {}

    /**
     * Writes a file, replacing {@code file} in one step.
     *
     * @param withCenters whether {@code centers} [classes, features] go with the network
     * @return the number of tensors
     */
    public static int write(ExportedModel exported, boolean withCenters, Path file) {
        Checkpoint checkpoint = exported.checkpoint();
        List<Parameter> chosen = new ArrayList<>(checkpoint.model().shape().parameters());
        if (withCenters) {
            chosen.addAll(
                    checkpoint.parameters().stream()
                            .filter(p -> p.name().equals(Parameters.CENTERS))
                            .toList());
        }
        SafetensorsWriter writer = new SafetensorsWriter();
        // What other readers of safetensors files look for.
        writer.putMetadata("format", "pt");
        exported.metadata().forEach(writer::putMetadata);
        for (Parameter p : chosen) {
            writer.put(p.name(), exported.values(p), p.dimensions());
        }
        Output.write(file, writer::write);
        return chosen.size();
    }
}
