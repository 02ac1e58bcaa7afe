package org.centerloss.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.centerloss.loss.Objectives;
import org.centerloss.train.TrainingConfig;

/**
 * A line of the table of results in the README of the reference implementation, the PyTorch
 * repository <em>standalone-center-loss</em>.
 *
 * @param loss a key of {@link Objectives}
 * @param dataset the name of a known data set
 * @param features features per image
 * @param accuracy the fraction of the test images that it classified correctly
 */
public record ReferenceAccuracy(String loss, String dataset, int features, double accuracy) {
    /** What every line of the table was trained with. */
    public static final int EPOCHS = 100;

    public static final int BATCH_SIZE = 128;
    public static final double LEARNING_RATE = 0.01;
    public static final Objectives.Settings WEIGHTS = Objectives.Settings.DEFAULT;

    private static final List<ReferenceAccuracy> TABLE =
            List.of(
                    new ReferenceAccuracy("xent", "mnist", 2, 0.991),
                    new ReferenceAccuracy("cent", "mnist", 2, 0.990),
                    new ReferenceAccuracy("standalone", "mnist", 2, 0.994),
                    new ReferenceAccuracy("xent", "mnist", 128, 0.994),
                    new ReferenceAccuracy("cent", "mnist", 128, 0.996),
                    new ReferenceAccuracy("standalone", "mnist", 128, 0.996),
                    new ReferenceAccuracy("xent", "fashion-mnist", 2, 0.913),
                    new ReferenceAccuracy("cent", "fashion-mnist", 2, 0.913),
                    new ReferenceAccuracy("standalone", "fashion-mnist", 2, 0.921),
                    new ReferenceAccuracy("xent", "fashion-mnist", 128, 0.926),
                    new ReferenceAccuracy("cent", "fashion-mnist", 128, 0.932),
                    new ReferenceAccuracy("standalone", "fashion-mnist", 128, 0.922),
                    new ReferenceAccuracy("xent", "cifar-10", 2, 0.815),
                    new ReferenceAccuracy("cent", "cifar-10", 2, 0.775),
                    new ReferenceAccuracy("standalone", "cifar-10", 2, 0.787),
                    new ReferenceAccuracy("xent", "cifar-10", 128, 0.866),
                    new ReferenceAccuracy("cent", "cifar-10", 128, 0.858),
                    new ReferenceAccuracy("standalone", "cifar-10", 128, 0.806));

    /** The whole table, in its own order. */
    public static List<ReferenceAccuracy> table() {
        return TABLE;
    }

    /** The line with the loss, data set and number of features of a run; empty where none is. */
    public static Optional<ReferenceAccuracy> of(TrainingConfig run) {
        return TABLE.stream()
                .filter(line -> line.loss.equals(run.loss().objective()))
                .filter(line -> line.dataset.equals(run.data().dataset()))
                .filter(line -> line.features == run.network().features())
                .findFirst();
    }

    /**
     * What a run does otherwise than the reference did, one phrase each; empty where the accuracies
     * compare as they stand.
     */
    public List<String> differences(TrainingConfig run) {
        List<String> found = new ArrayList<>();
        TrainingConfig.Optimization optimization = run.optimization();
        add(found, "epochs", run.epochs(), EPOCHS);
        add(found, "batch size", optimization.batchSize(), BATCH_SIZE);
        add(found, "learning rate", optimization.learningRate(), LEARNING_RATE);
        Objectives.Settings weights = run.loss().settings();
        if (loss.equals("cent")) {
            add(found, "weight cent", weights.centerWeight(), WEIGHTS.centerWeight());
        }
        if (loss.equals("standalone")) {
            add(found, "weight intra", weights.intraWeight(), WEIGHTS.intraWeight());
            add(found, "weight inter", weights.interWeight(), WEIGHTS.interWeight());
        }
        if (!run.data().heldOutClasses().isEmpty()) {
            found.add("classes held out");
        }
        return found;
    }

    private static void add(List<String> found, String what, Object ours, Object reference) {
        if (!Objects.equals(ours, reference)) {
            found.add("%s %s instead of %s".formatted(what, ours, reference));
        }
    }
}
