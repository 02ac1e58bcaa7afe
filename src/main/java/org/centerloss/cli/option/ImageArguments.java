package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.data.folder.UnlabelledImages;
import org.centerloss.nn.NetworkShape;
import org.centerloss.train.Checkpoint;

/** The image files and folders on a command line. */
public final class ImageArguments {
    private ImageArguments() {}

    /** Decodes them for a model, telling how they had to be changed to fit it. */
    public static UnlabelledImages decode(
            List<Path> paths, Checkpoint checkpoint, PrintWriter err) {
        List<Path> files =
                UnlabelledImages.list(paths, notice -> err.println("centerloss: note: " + notice));
        NetworkShape shape = checkpoint.model().shape();
        UnlabelledImages images =
                UnlabelledImages.decode(
                        files,
                        checkpoint
                                .config()
                                .data()
                                .images()
                                .withSize(shape.height(), shape.width())
                                .withChannels(shape.channels()),
                        DataOptions.progress(err));
        note(
                err,
                images.resized(),
                files,
                "resized to %d×%d pixels".formatted(shape.width(), shape.height()));
        note(
                err,
                images.converted(),
                files,
                "converted to " + (shape.channels() == 1 ? "grayscale" : "RGB"));
        return images;
    }

    /** Why a file was refused, without its name. */
    public static String reason(Path file, InputException refusal) {
        return refusal.getMessage().replace(file + ": ", "");
    }

    private static void note(PrintWriter err, int changed, List<Path> files, String how) {
        if (changed > 0) {
            err.printf(
                    "centerloss: note: %d of %d images were %s, as the model was trained%n",
                    changed, files.size(), how);
        }
    }
}
