package org.centerloss.train;

import org.centerloss.base.Resources;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.data.Stratified;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.Program;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.evaluate.Embedder;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;

/** All that a run has on a device, made before its first step. */
final class PlannedRun implements AutoCloseable {
    private static final int EVALUATION_BATCH = 128;
    private static final int MOST_TRAINING_IMAGES_EVALUATED = 5000;

    private final Resources owned = new Resources();
    final Checkpoint.Model model;
    final Parameters parameters;
    final Optimizer optimizer;
    final Embedder embedder;
    final LastGoodState lastGood;
    final TrainingStep step;
    final LearningRates rates;
    final ImageStore trainImages;

    /** Those that the run chooses by. */
    final ImageStore chosenImages;

    final FinalTest finalTest;

    /** Which training images are evaluated after each epoch. */
    final int[] trainSample;

    final ImageBatches batches;

    /** The next batch and the step with it: one recorded program, or in phases for the profile. */
    final Runnable batchAndStep;

    /**
     * Plans everything; what parameters hold is open.
     *
     * @param run has the checkpoint that is tested at the end
     * @param profile told where the time of steps goes, if it is switched on
     */
    PlannedRun(
            Device device,
            TrainingConfig config,
            Dataset dataset,
            RunDirectory run,
            Profile profile) {
        ImageSet train = dataset.train();
        int batch = config.optimization().batchSize();
        Part part = dataset.chosenBy();
        int chosenCount = dataset.images(part).count();
        NetworkShape shape = ConfigChecks.shape(config, dataset);
        model = new Checkpoint.Model(shape, dataset.classes());
        Objective objective = config.objective();
        parameters =
                owned.add(
                        new Parameters(
                                device,
                                Objectives.parameters(objective, shape, config.centersByGradient()),
                                config.optimization().optimizer()::group));
        optimizer = owned.add(new Optimizer(device, parameters, config.optimization().optimizer()));
        // Everything that the batch's size and the network decide comes before the first number is
        // written, so that a device without enough memory for it says so at once.
        embedder =
                owned.add(
                        new Embedder(
                                device,
                                shape,
                                objective,
                                parameters,
                                Math.min(EVALUATION_BATCH, chosenCount)));
        lastGood = owned.add(new LastGoodState(device, parameters, optimizer));
        step =
                owned.add(
                        new TrainingStep(
                                device,
                                shape,
                                objective,
                                parameters,
                                batch,
                                optimizer,
                                config.wenAlpha()));
        int stepsPerEpoch = train.count() / batch;
        rates =
                owned.add(
                        new LearningRates(
                                device, config.schedule(stepsPerEpoch), optimizer, stepsPerEpoch));
        trainImages = owned.add(Embedder.store(device, train));
        chosenImages = owned.add(Embedder.store(device, dataset.images(part)));
        ImageStore testImages =
                part == Part.TEST
                        ? chosenImages
                        : owned.add(Embedder.store(device, dataset.test()));
        finalTest =
                new FinalTest(
                        run,
                        objective,
                        parameters,
                        embedder,
                        trainImages,
                        train.count(),
                        testImages,
                        dataset.test().count());
        trainSample =
                Stratified.sample(
                        config.seed(),
                        train.labels(),
                        dataset.classes().size(),
                        Math.min(chosenCount, MOST_TRAINING_IMAGES_EVALUATED));
        batches =
                owned.add(
                        device.imageBatches(
                                trainImages, batch, config.data().augmentation(), config.seed()));
        batchAndStep = plan(device, profile);
    }

    private Runnable plan(Device device, Profile profile) {
        Runnable draw =
                () -> {
                    batches.next(step.images(), step.labels());
                    rates.next();
                };
        if (profile.enabled()) {
            return owned.add(new PhasedStep(device, profile, draw, step));
        }
        Program program =
                owned.add(
                        device.record(
                                () -> {
                                    draw.run();
                                    step.run();
                                }));
        return program::run;
    }

    @Override
    public void close() {
        owned.close();
    }
}
