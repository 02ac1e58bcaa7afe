package org.centerloss.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.loss.Objective;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizers;

/** What a recorded training run was made of: network, objective, optimiser, images and weights. */
final class RecordedRun {
    private static final String INITIAL = "init.";
    private static final String UNREACHED = "no_gradient";

    private final RecordedFile file;
    private final int batch;
    private final Objective objective;
    private final Optimizers.Settings optimizer;
    private final InitialWeights initial;
    private final NetworkShape shape;
    private final List<Parameter> parameters;

    /**
     * Reads all but the numbers.
     *
     * @throws org.centerloss.base.InputException if something is missing, unsound or not known here
     */
    RecordedRun(RecordedFile file) {
        this.file = file;
        batch = readBatch();
        if (file.states("replicas") && file.whole("replicas") != 1) {
            throw file.unexpected("replicas", "1, a batch that is not split");
        }
        objective = readObjective();
        optimizer = readOptimizer();
        initial = readInitial();
        SafetensorsEntry images = file.tensors().get(imageName());
        shape = RecordedNetwork.of(file, readImageShape(images), initial.shapes());
        parameters = Objectives.parameters(objective, shape, true);
        requireCenters();
        requireUnreached();
    }

    int batch() {
        return batch;
    }

    Objective objective() {
        return objective;
    }

    Optimizers.Settings optimizer() {
        return optimizer;
    }

    double learningRate() {
        return file.number("lr");
    }

    NetworkShape shape() {
        return shape;
    }

    /** Every parameter of the network and the objective, running statistics included. */
    List<Parameter> parameters() {
        return parameters;
    }

    /** Whether the run says what a parameter begins with; it need not where none is used. */
    boolean begins(Parameter parameter) {
        return initial.shapes().containsKey(parameter.name());
    }

    /** What a parameter begins with, in row-major order. */
    double[] initial(String parameter) {
        return initial.values(parameter);
    }

    /** The pixels of all images, in [0, 1]. */
    double[] images() {
        SafetensorsEntry images = file.take(imageName());
        if (images.type() != SafetensorsEntry.Type.U8) {
            return images.toDoubles();
        }
        byte[] bytes = images.toBytes();
        double[] values = new double[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            // PyTorch divides in float32.
            values[i] = (bytes[i] & 0xFF) / 255f;
        }
        return values;
    }

    /** The class of each image. */
    int[] labels() {
        return file.take("labels").toClasses(shape.classes());
    }

    private String imageName() {
        return file.holds("images_u8") ? "images_u8" : "images";
    }

    /** The metadata's batch: a whole number, and labels enough for every step. */
    private int readBatch() {
        double given = file.number("batch");
        int steps = file.tensors().get("losses").size();
        int labels = file.take("labels").size();
        if (!(given >= 1 && given == Math.rint(given) && given * steps <= labels)) {
            throw file.failure(
                    "metadata 'batch': expected a whole number with labels enough for %d steps, found %s for %d labels"
                            .formatted(steps, given, labels));
        }
        return (int) given;
    }

    private Objective readObjective() {
        String loss = file.text("loss");
        if (!Objectives.keys().contains(loss)) {
            throw file.unexpected("loss", "one of " + String.join(", ", Objectives.keys()));
        }
        Objectives.Settings usual = Objectives.Settings.DEFAULT;
        return Objectives.of(loss)
                .create(
                        new Objectives.Settings(
                                file.number("w_intra"),
                                file.number("w_inter"),
                                file.number("w_cent"),
                                usual.margin(),
                                usual.alpha()));
    }

    private Optimizers.Settings readOptimizer() {
        Optimizers.Settings usual = Optimizers.Settings.sgd(0, 0);
        String name = file.states("optimizer") ? file.text("optimizer") : usual.name();
        if (!Optimizers.keys().contains(name)) {
            throw file.unexpected("optimizer", "one of " + String.join(", ", Optimizers.keys()));
        }
        boolean momentum = Optimizers.of(name) == Optimizers.SGD;
        double[] betas = {usual.beta1(), usual.beta2()};
        if (!momentum) {
            betas = file.json("betas", double[].class);
            if (betas.length != 2) {
                throw file.unexpected("betas", "two numbers");
            }
        }
        return new Optimizers.Settings(
                name,
                momentum ? file.number("momentum") : 0,
                momentum && file.states("nesterov") && nesterov(),
                file.states("weight_decay") ? file.number("weight_decay") : 0,
                betas[0],
                betas[1],
                momentum ? usual.epsilon() : file.number("eps"),
                null,
                false,
                0);
    }

    private boolean nesterov() {
        return switch (file.text("nesterov")) {
            case "True" -> true;
            case "False" -> false;
            default -> throw file.unexpected("nesterov", "True or False");
        };
    }

    private InitialWeights readInitial() {
        if (file.states(GeneratedWeights.TENSORS)) {
            return new GeneratedWeights(file);
        }
        Map<String, SafetensorsEntry> stored = new HashMap<>();
        for (String name : file.tensors().keySet()) {
            if (name.startsWith(INITIAL)) {
                stored.put(name.substring(INITIAL.length()), file.take(name));
            }
        }
        return InitialWeights.stored(stored);
    }

    private int[] readImageShape(SafetensorsEntry images) {
        if (images == null) {
            throw file.failure("expected a tensor 'images_u8' or 'images', found none");
        }
        int[] found = images.requireRank(3, 4).shape();
        int labels = file.take("labels").size();
        if (found[0] != labels) {
            throw file.failure(
                    "expected %d images, as many as labels, found %d".formatted(labels, found[0]));
        }
        return found;
    }

    private void requireCenters() {
        List<Integer> expected = List.of(shape.classes(), shape.features());
        List<Integer> found = initial.shapes().get(Parameters.CENTERS);
        if (found == null ? objective.usesCenters() : !found.equals(expected)) {
            throw file.failure(
                    "initial weights: expected centers of shape %s, found %s"
                            .formatted(expected, found == null ? "none" : found));
        }
    }

    /** The parameters that the optimiser leaves alone must be those that PyTorch's did. */
    private void requireUnreached() {
        if (!file.states(UNREACHED)) {
            return;
        }
        Set<String> stated = new TreeSet<>(List.of(file.json(UNREACHED, String[].class)));
        Set<String> untrained =
                parameters.stream()
                        .filter(p -> !p.trained() && begins(p) && !isStatistic(p))
                        .map(Parameter::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (!stated.equals(untrained)) {
            throw file.unexpected(UNREACHED, untrained.toString());
        }
    }

    /** Whether a parameter is a running mean or variance of a batch normalisation. */
    static boolean isStatistic(Parameter parameter) {
        return parameter.name().contains(".running_");
    }
}
