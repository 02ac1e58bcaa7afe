package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.RunDirectory;
import picocli.CommandLine.Parameters;

/** Which trained model: the first parameter of the commands that use one. */
public final class ModelParameter {
    @Parameters(
            index = "0",
            paramLabel = "RUN|CHECKPOINT",
            description =
                    "A run directory (its best checkpoint is taken) or a safetensors file of one.")
    public Path path;

    /** The file of the model. */
    public Path checkpoint() {
        return RunDirectory.checkpoint(path);
    }

    /**
     * Reads it.
     *
     * @param err is told what is to be known of the file
     */
    public Checkpoint read(PrintWriter err) {
        Checkpoint checkpoint = Checkpoint.read(checkpoint());
        checkpoint.note().ifPresent(note -> err.println("centerloss: note: " + note));
        return checkpoint;
    }
}
