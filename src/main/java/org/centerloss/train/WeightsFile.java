package org.centerloss.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizers;

/**
 * Weights that a run starts from: a safetensors file with the names of the reference
 * implementation's {@code state_dict}, made by PyTorch, exported, or a checkpoint.
 *
 * <p>The network's tensors must all be there, in the run's shapes; {@code centers} and parameters
 * of an objective are taken where they are. Published weights of an architecture end in a layer of
 * their own for classes of their own ({@link NetworkShape#isOfPublishedHead}): it is left out, and
 * what the network has in its place is drawn. PyTorch's counters {@code num_batches_tracked}, which
 * do nothing there, and what a checkpoint keeps for the optimiser are passed over.
 */
public final class WeightsFile {
    private static final byte[] ZIP = {'P', 'K'};
    private static final byte[] PICKLE = {(byte) 0x80, 2};

    private final Path path;
    private final Safetensors tensors;
    private final String sha256;
    private final Optional<String> note;

    private WeightsFile(Path path) {
        this.path = path;
        tensors = load(path);
        note =
                tensors.metadata().containsKey(Checkpoint.METADATA_KEY)
                        ? Checkpoint.read(path).note()
                        : Optional.empty();
        sha256 = sha256(path);
    }

    /**
     * Reads a file.
     *
     * @throws InputException where it cannot be read or is no sound safetensors file
     */
    public static WeightsFile read(Path path) {
        return new WeightsFile(path);
    }

    /**
     * Reads the file that a configuration names.
     *
     * @throws InputException if its content is another by now
     */
    static WeightsFile read(TrainingConfig.InitialWeights expected) {
        WeightsFile file = read(Path.of(expected.file()));
        if (!file.sha256.equals(expected.sha256())) {
            throw file.failure(
                    "expected the file that the run was started with, SHA-256 %s, found %s"
                            .formatted(expected.sha256(), file.sha256));
        }
        return file;
    }

    private static String sha256(Path path) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + InputException.reason(e), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Safetensors load(Path path) {
        try {
            return Safetensors.read(path);
        } catch (InputException e) {
            if (isPickled(path)) {
                throw new InputException(
                        path
                                + ": expected a safetensors file, found one of torch.save; write it"
                                + " with safetensors.torch.save_file(model.state_dict(), FILE)",
                        e);
            }
            throw e;
        }
    }

    /** Whether a file starts as what PyTorch writes unless told otherwise: a zip or a pickle. */
    private static boolean isPickled(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            return Arrays.equals(start, ZIP) || Arrays.equals(start, PICKLE);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * How a file fits a run.
     *
     * @param drawn parameters that the file lacks
     * @param leftOut tensors of a published head
     */
    public record Fit(List<String> drawn, List<String> leftOut) {
        static final Fit WHOLE = new Fit(List.of(), List.of());

        /** What is to be said of it, a line for each tensor. */
        public List<String> notes() {
            return Stream.concat(
                            leftOut.stream()
                                    .map(
                                            "the file's '%s' is for its own classes: left out"
                                                    ::formatted),
                            drawn.stream()
                                    .map("the file has no '%s': drawn by the seed"::formatted))
                    .toList();
        }
    }

    /** What is to be said of the file, in a line; empty where there is nothing. */
    Optional<String> note() {
        return note;
    }

    /** What a configuration remembers of the file. */
    public TrainingConfig.InitialWeights identity() {
        return new TrainingConfig.InitialWeights(path.toString(), sha256);
    }

    /**
     * Checks that a network can start from it.
     *
     * @param declared the network's parameters and the objective's
     * @throws InputException if a tensor is missing, superfluous, or of another shape, or has
     *     elements that are not finite
     */
    Fit requireFits(NetworkShape shape, List<Parameter> declared) {
        List<String> leftOut =
                tensors.entries().keySet().stream().filter(shape::isOfPublishedHead).toList();
        Set<String> network = names(shape.parameters().stream());
        if (!leftOut.isEmpty()) {
            network.removeAll(names(shape.headParameters().stream()));
        }
        Set<String> known = names(declared.stream());
        known.addAll(objectiveParameters(shape));
        for (String name : tensors.entries().keySet()) {
            if (!known.contains(name) && !leftOut.contains(name) && !passedOver(name)) {
                throw failure(
                        "tensor '%s': expected none of that name%s".formatted(name, in(shape)));
            }
        }
        for (Parameter p : declared) {
            if (has(p)) {
                requireFits(shape, p);
            } else if (network.contains(p.name())) {
                throw failure(
                        "expected a tensor '%s', found none%s".formatted(p.name(), in(shape)));
            }
        }
        return new Fit(
                declared.stream().filter(p -> !has(p)).map(Parameter::name).toList(), leftOut);
    }

    private boolean has(Parameter parameter) {
        return tensors.entries().containsKey(parameter.name());
    }

    private static Set<String> names(Stream<Parameter> parameters) {
        return parameters.map(Parameter::name).collect(Collectors.toCollection(HashSet::new));
    }

    /** What checkpoints of any objective may hold. */
    private static Set<String> objectiveParameters(NetworkShape shape) {
        return names(
                Arrays.stream(Objectives.values())
                        .map(o -> o.create(Objectives.Settings.DEFAULT))
                        .flatMap(o -> Objectives.parameters(o, shape, true).stream()));
    }

    private static boolean passedOver(String name) {
        return name.endsWith(".num_batches_tracked")
                || Arrays.stream(Optimizers.values())
                        .flatMap(optimizer -> optimizer.state().stream())
                        .anyMatch(state -> name.startsWith(state + "."));
    }

    private void requireFits(NetworkShape shape, Parameter parameter) {
        SafetensorsEntry entry = tensors.get(parameter.name());
        if (!Arrays.equals(entry.shape(), parameter.dimensions())) {
            throw failure(
                    "tensor '%s': expected shape %s, found %s%s"
                            .formatted(
                                    parameter.name(),
                                    parameter.shape(),
                                    Arrays.toString(entry.shape()),
                                    in(shape)));
        }
        float[] values = entry.toFloats();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw failure(
                        "tensor '%s': element %d: expected a finite number, found %s"
                                .formatted(parameter.name(), i, values[i]));
            }
        }
    }

    private static String in(NetworkShape shape) {
        return " (the run has --feat-dim %d, %s, %d classes, images of %d channel%s)"
                .formatted(
                        shape.features(),
                        shape.description(),
                        shape.classes(),
                        shape.channels(),
                        shape.channels() == 1 ? "" : "s");
    }

    /**
     * Copies the tensors over the parameters of their names.
     *
     * @throws InputException as {@link #requireFits}
     */
    void copyInto(Parameters parameters, NetworkShape shape) {
        requireFits(shape, parameters.declared());
        for (Parameter p : parameters.declared()) {
            if (has(p)) {
                parameters.value(p.name()).write(tensors.get(p.name()).toDoubles());
            }
        }
    }

    private InputException failure(String message) {
        return new InputException(path + ": " + message);
    }
}
