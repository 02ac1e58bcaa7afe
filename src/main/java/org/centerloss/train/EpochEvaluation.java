package org.centerloss.train;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.data.Dataset;
import org.centerloss.data.Part;
import org.centerloss.device.ImageStore;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Embedder;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.Evaluation;

/** Measures what a network makes of the images that a run chooses by, after each epoch. */
final class EpochEvaluation {
    private final PlannedRun plan;
    private final TrainingConfig config;
    private final Profile profile;
    private final Part part;
    private final int chosenCount;

    EpochEvaluation(PlannedRun plan, TrainingConfig config, Dataset dataset, Profile profile) {
        this.plan = plan;
        this.config = config;
        this.profile = profile;
        part = dataset.chosenBy();
        chosenCount = dataset.images(part).count();
    }

    /**
     * What the epoch came to; empty where it was stopped.
     *
     * @param loss mean weighted sum of the terms over the epoch's steps
     */
    Optional<EpochResult> measure(
            TrainState progress,
            double learningRate,
            double loss,
            double imagesPerSecond,
            BooleanSupplier stop) {
        Optional<Embeddings> train = embed(plan.trainImages, plan.trainSample, stop);
        Optional<Embeddings> chosen = embed(plan.chosenImages, Embedder.all(chosenCount), stop);
        if (train.isEmpty() || chosen.isEmpty()) {
            return Optional.empty();
        }
        CenterKind kind = config.evaluatedBy();
        int classes = plan.model.classes().size();
        ClassCenters centers =
                ClassCenters.of(
                        config.objective(),
                        plan.embedder.centers(),
                        train.get().classMeans(classes));
        Embeddings classified = centers.classify(chosen.get(), kind);
        Evaluation evaluation =
                profile.time(
                        Profile.Phase.EVALUATION,
                        () -> Evaluation.of(classified, centers.get(kind)));
        return Optional.of(
                new EpochResult(
                        progress.epoch(),
                        progress.step(),
                        learningRate,
                        loss,
                        progress.termMeans(),
                        centers.classify(train.get(), kind),
                        part,
                        classified,
                        evaluation,
                        centers,
                        config.otherCenters(),
                        centers.accuracies(chosen.get()),
                        imagesPerSecond,
                        progress.isBest(evaluation.accuracy())));
    }

    private Optional<Embeddings> embed(ImageStore images, int[] indices, BooleanSupplier stop) {
        return profile.time(
                Profile.Phase.EVALUATION, () -> plan.embedder.embed(images, indices, stop));
    }
}
