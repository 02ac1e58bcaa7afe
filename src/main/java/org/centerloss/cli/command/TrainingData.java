package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.cli.option.AugmentationOptions;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.data.Dataset;
import org.centerloss.data.folder.DataFile;
import org.centerloss.data.folder.FolderUse;
import org.centerloss.device.op.Augmentation;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainingConfig;

/**
 * The images that {@code train} was asked for, by its options.
 *
 * @param err is told what there is to say of them
 */
record TrainingData(
        DataOptions options, AugmentationOptions augmentation, long seed, PrintWriter err) {
    /** A known name, or a folder. */
    String name() {
        return options.dataset != null ? options.dataset : "fashion-mini";
    }

    /**
     * What a run's configuration keeps of them.
     *
     * @param base the augmentation where no option tells another
     */
    TrainingConfig.Data settings(Augmentation base, List<String> heldOut) {
        return new TrainingConfig.Data(
                name(),
                options.dataDir == null ? null : options.dataDir.toString(),
                !options.noChecksum,
                options.images(seed),
                augmentation.over(base),
                heldOut);
    }

    /** The settings of a run that goes on, whose images may lie elsewhere now. */
    TrainingConfig.Data settings(TrainingConfig.Data old) {
        return options.dataDir == null ? old : old.withDataDir(options.dataDir.toString());
    }

    /** The images that a run began with. */
    Dataset loadToGoOn(RunDirectory run, TrainingConfig.Data data) {
        List<DataFile> files = RunDirectory.files(run.path());
        Dataset whole = load(data, FolderUse.goOn(files));
        if (files.isEmpty() && !whole.files().isEmpty()) {
            err.printf(
                    "centerloss: note: %s: keeps no list of its files, as an older version made it:"
                            + " the images are taken as they are now, and the list is kept from"
                            + " here on%n",
                    run.path());
        }
        return whole.without(data.heldOutClasses());
    }

    Dataset load(TrainingConfig.Data data, FolderUse use) {
        Path dataDir = data.dataDir() == null ? null : Path.of(data.dataDir());
        return options.load(data.dataset(), dataDir, data.checksum(), data.images(), use, err);
    }
}
