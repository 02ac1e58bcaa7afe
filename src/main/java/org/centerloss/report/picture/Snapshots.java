package org.centerloss.report.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.train.EpochResult;
import org.centerloss.train.TrainingListener;

/**
 * The folder {@code embeddings} of a run: {@code best.safetensors}, the {@link Snapshot} of the
 * epoch with the highest accuracy, {@code hardest.safetensors}, its {@link HardestSamples} with
 * their pixels, and with 2 features also one of each epoch, which is what the animation shows. A
 * resumed run writes the files of the epochs that it redoes again.
 */
public final class Snapshots implements TrainingListener {
    /** More features are not drawn as they are, and would fill the disk. */
    private static final int DIMENSION_OF_EVERY_EPOCH = 2;

    private static final String BEST = "best.safetensors";
    private static final String HARDEST = "hardest.safetensors";

    private final Path folder;
    private final Dataset dataset;

    /**
     * @param run the run's directory
     * @param dataset what it is trained on
     */
    public Snapshots(Path run, Dataset dataset) {
        folder = folder(run);
        this.dataset = dataset;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be made: " + InputException.reason(e), e);
        }
    }

    @Override
    public void epochFinished(EpochResult result) {
        Snapshot snapshot = Snapshot.of(result, dataset.classes());
        if (snapshot.dimension() == DIMENSION_OF_EVERY_EPOCH) {
            snapshot.write(file(folder, result.epoch()));
        }
        if (result.best()) {
            snapshot.write(folder.resolve(BEST));
            HardestSamples.of(snapshot, dataset.images(result.part()))
                    .write(folder.resolve(HARDEST));
        }
    }

    private static Path folder(Path run) {
        return run.resolve("embeddings");
    }

    private static Path file(Path folder, int epoch) {
        return folder.resolve("epoch-%04d.safetensors".formatted(epoch));
    }

    /** The snapshot of a run's best epoch; empty where there is none. */
    public static Optional<Snapshot> best(Path run) {
        Path file = folder(run).resolve(BEST);
        return Files.exists(file) ? Optional.of(Snapshot.read(file)) : Optional.empty();
    }

    /** The hardest test images of a run's best epoch; empty where they were not kept. */
    static Optional<HardestSamples> hardest(Path run) {
        Path file = folder(run).resolve(HARDEST);
        return Files.exists(file) ? Optional.of(HardestSamples.read(file)) : Optional.empty();
    }

    /** The files of the epochs 1 to {@code epochs} that were kept, in order. */
    public static List<Path> ofEpochs(Path run, int epochs) {
        return IntStream.rangeClosed(1, epochs)
                .mapToObj(epoch -> file(folder(run), epoch))
                .filter(Files::exists)
                .toList();
    }
}
