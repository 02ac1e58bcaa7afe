package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.centerloss.base.InputException;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.train.Accuracies;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.ClassMeans;
import picocli.CommandLine.Option;

/** By which centers of a trained model images are classified: an option that commands share. */
public final class CenterOptions {
    @Option(
            names = "--centers",
            paramLabel = "means|trained",
            description =
                    "Classify by, and measure distances to, the class means of the training images"
                            + " or the trained centers, which lag behind them. A loss with logits"
                            + " classifies by these. Default: means, where the run keeps them.")
    private CenterKind given;

    /**
     * The centers of a model and those that are to be used.
     *
     * @param kind empty where the loss trains none and no means are kept
     */
    public record Choice(ClassCenters centers, Optional<CenterKind> kind) {
        /** [class][feature] */
        public Optional<double[][]> chosen() {
            return kind.map(centers::get);
        }

        /** How {@link #classify} does it, for people. */
        public String classifiedBy() {
            return centers.byLogits()
                    ? Accuracies.LARGEST_LOGIT
                    : kind.orElse(CenterKind.TRAINED).text();
        }

        /** Images with the classes that these centers give them, or the largest logit. */
        public Embeddings classify(Embeddings embedded) {
            return kind.map(k -> centers.classify(embedded, k)).orElse(embedded);
        }
    }

    /**
     * Chooses from the trained centers and the means that a run keeps.
     *
     * @param runOrFile where the model is
     * @param err is told where the means are missing
     * @throws InputException where centers are wanted that are not there
     */
    public Choice choose(Checkpoint checkpoint, Path runOrFile, PrintWriter err) {
        double[][] means =
                ClassMeans.kept(runOrFile, checkpoint).map(ClassMeans::means).orElse(null);
        return choose(checkpoint, runOrFile, means, err);
    }

    /**
     * Chooses from the trained centers and known means.
     *
     * @param means [class][feature]; null where not known
     */
    public Choice choose(Checkpoint checkpoint, Path runOrFile, double[][] means, PrintWriter err) {
        ClassCenters centers = ClassCenters.of(checkpoint, means);
        if (given != null) {
            if (!centers.have(given)) {
                throw new InputException(
                        "--centers %s: %s"
                                .formatted(
                                        given,
                                        given == CenterKind.TRAINED
                                                ? "expected a loss that trains centers, found "
                                                        + checkpoint.config().loss().objective()
                                                : "expected class means that are kept, found none before "
                                                        + remedy(runOrFile)));
            }
            return new Choice(centers, Optional.of(given));
        }
        if (centers.have(CenterKind.MEANS)) {
            return new Choice(centers, Optional.of(CenterKind.MEANS));
        }
        if (centers.have(CenterKind.TRAINED)) {
            err.printf(
                    "centerloss: note: by the trained centers, as no class means are kept before"
                            + " %s%n",
                    remedy(runOrFile));
            return new Choice(centers, Optional.of(CenterKind.TRAINED));
        }
        return new Choice(centers, Optional.empty());
    }

    /** Whether a kind is wanted, rather than what is there. */
    public boolean isGiven() {
        return given != null;
    }

    /** The command that makes what is missing. */
    public static String remedy(Path runOrFile) {
        return "'centerloss evaluate %s'"
                .formatted(Files.isDirectory(runOrFile) ? runOrFile : "RUN");
    }
}
