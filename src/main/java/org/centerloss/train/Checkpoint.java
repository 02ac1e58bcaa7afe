package org.centerloss.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.base.NameList;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Tensor;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.format.StrictJson;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;

/**
 * A model on disk: one safetensors file that holds the tensors under the reference's names, what
 * the optimiser keeps under names such as {@code momentum.NAME} where training is to go on from it,
 * and in its metadata, as JSON, the configuration, the network's shape, the class names and the
 * progress, under a checksum over every byte of the file. In format 1, of older versions, it covers
 * the tensors alone.
 *
 * <p>One file, so that replacing it is atomic and no two parts can disagree.
 */
public final class Checkpoint {
    static final String METADATA_KEY = "centerloss";
    private static final int FORMAT = 2;
    private static final int OLD_FORMAT = 1;

    /** What a model can be applied to. */
    public record Model(NetworkShape shape, List<String> classes) {
        public Model {
            Bounds.require(
                    classes.size() == shape.classes(),
                    "classes",
                    "a name for each of the %d classes".formatted(shape.classes()),
                    classes.size());
        }

        @Override
        public String toString() {
            return "%d features, %s, images of %d×%d pixels and %d channels, classes %s"
                    .formatted(
                            shape.features(),
                            shape.description(),
                            shape.width(),
                            shape.height(),
                            shape.channels(),
                            NameList.of(classes));
        }
    }

    private final Path path;
    private final Safetensors tensors;
    private final CheckpointHeader header;

    private Checkpoint(Path path, Safetensors tensors, CheckpointHeader header) {
        this.path = path;
        this.tensors = tensors;
        this.header = header;
    }

    /**
     * Writes a checkpoint, replacing {@code path} in one step.
     *
     * @param optimizer what training can go on with; empty where it will not
     */
    static void write(
            Path path,
            TrainingConfig config,
            Model model,
            TrainState progress,
            Parameters parameters,
            Optional<Optimizer> optimizer) {
        SafetensorsWriter writer = new SafetensorsWriter();
        boolean wide = parameters.doublePrecision();
        for (Parameter p : parameters.declared()) {
            put(writer, p.name(), parameters.value(p.name()), wide);
            if (optimizer.isPresent() && p.trained()) {
                for (String state : optimizer.get().state().keySet()) {
                    put(writer, state + "." + p.name(), optimizer.get().state(state, p), wide);
                }
            }
        }
        CheckpointHeader header = new CheckpointHeader(FORMAT, null, config, model, progress);
        writer.putMetadata(METADATA_KEY, StrictJson.line(header));
        AtomicFile.write(path, writer::writeWithChecksum);
    }

    private static void put(SafetensorsWriter writer, String name, Tensor tensor, boolean wide) {
        if (wide) {
            writer.put(name, tensor.toDoubles(), tensor.shape());
        } else {
            writer.put(name, tensor.toFloats(), tensor.shape());
        }
    }

    /**
     * Reads a checkpoint and checks that it is whole.
     *
     * @throws InputException where it cannot be read, is damaged, or is no checkpoint
     */
    public static Checkpoint read(Path path) {
        Safetensors tensors = Safetensors.read(path);
        String json = tensors.metadata().get(METADATA_KEY);
        if (json == null) {
            throw new InputException(
                    "%s: expected a checkpoint of centerloss, found a safetensors file without '%s' in its metadata"
                            .formatted(path, METADATA_KEY));
        }
        String where = "%s: metadata '%s'".formatted(path, METADATA_KEY);
        CheckpointHeader header = StrictJson.read(where, json, CheckpointHeader.class);
        if (header.format() != FORMAT && header.format() != OLD_FORMAT) {
            throw new InputException(
                    "%s: expected checkpoint format %d or %d, found %d"
                            .formatted(path, OLD_FORMAT, FORMAT, header.format()));
        }
        Checkpoint checkpoint = new Checkpoint(path, tensors, header);
        checkpoint.requireChecksum();
        checkpoint.requireTensors();
        return checkpoint;
    }

    /** Of a file in the present format, that there is one: it was compared when it was read. */
    private void requireChecksum() {
        if (header.format() == FORMAT) {
            if (tensors.checksum().isEmpty()) {
                throw new InputException(
                        path + ": corrupt: expected a checksum in its metadata, found none");
            }
            return;
        }
        CRC32C found = new CRC32C();
        for (String name : tensors.entries().keySet()) {
            double[] values = tensors.get(name).toDoubles();
            found.update(name.getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
            bytes.asDoubleBuffer().put(values);
            found.update(bytes);
        }
        if (header.crc32c() == null || found.getValue() != header.crc32c()) {
            throw new InputException(
                    "%s: corrupt: expected CRC-32C %08x over the tensors, found %08x"
                            .formatted(path, header.crc32c(), found.getValue()));
        }
    }

    /** Checks that the file has every tensor of the model, which also bounds the model's size. */
    private void requireTensors() {
        int blocks = model().shape().blocks();
        if (blocks > tensors.entries().size()) {
            throw new InputException(
                    "%s: expected the tensors of %d blocks, found %d tensors"
                            .formatted(path, blocks, tensors.entries().size()));
        }
        for (Parameter parameter : parameters()) {
            tensor(parameter.name(), parameter);
        }
    }

    /**
     * Tells this state of the model from every other: of the file's SHA-256 the first 64 bits, in
     * the old format the CRC-32C of the tensors.
     */
    public long checksum() {
        return tensors.checksum()
                .map(sha256 -> Long.parseUnsignedLong(sha256.substring(0, 16), 16))
                .orElseGet(header::crc32c);
    }

    /** What is to be said of the file, in a line; empty where there is nothing. */
    public Optional<String> note() {
        return header.format() == FORMAT
                ? Optional.empty()
                : Optional.of(
                        path
                                + ": made by an older version: its checksum covers the tensors, not"
                                + " the settings and the progress");
    }

    public TrainingConfig config() {
        return header.config();
    }

    public Model model() {
        return header.model();
    }

    public TrainState progress() {
        return header.progress();
    }

    /** Every tensor of the model, without what the optimiser keeps. */
    public List<Parameter> parameters() {
        TrainingConfig config = config();
        return Objectives.parameters(
                config.objective(), model().shape(), config.centersByGradient());
    }

    /** The values of a tensor, rounded to float32 where the file has float64. */
    public float[] values(Parameter parameter) {
        return tensor(parameter.name(), parameter).toFloats();
    }

    /**
     * Checks that the model takes such images.
     *
     * @throws InputException naming both shapes if it does not
     */
    public void requireImagesLike(ImageSet images) {
        NetworkShape own = model().shape();
        if (own.channels() != images.channels()
                || own.height() != images.height()
                || own.width() != images.width()) {
            throw new InputException(
                    "%s: expected images of %d×%d pixels and %d channels, as it was trained on; found %d×%d and %d"
                            .formatted(
                                    path,
                                    own.width(),
                                    own.height(),
                                    own.channels(),
                                    images.width(),
                                    images.height(),
                                    images.channels()));
        }
    }

    /**
     * Checks that there are images of classes that the model knows.
     *
     * @param known the images of such classes
     * @param others the classes of the other images
     * @throws InputException naming classes of both kinds if there are none
     */
    public void requireKnownClass(ImageSet known, List<String> others) {
        if (known.count() == 0) {
            throw new InputException(
                    "%s: expected images of the classes %s, as it was trained on; found %s"
                            .formatted(path, NameList.of(model().classes()), NameList.of(others)));
        }
    }

    /** Checks that the checkpoint belongs to a run with this model. */
    void requireModel(Model expected) {
        if (!model().equals(expected)) {
            throw new InputException(
                    "%s: expected a checkpoint of %s, found one of %s"
                            .formatted(path, expected, model()));
        }
    }

    /** Checks that a run which goes on from it has the settings that it was trained with. */
    void requireSettings(TrainingConfig run) {
        new TrainedSettings(path, config()).requireSame(run);
    }

    /** Copies the model's tensors into parameters. */
    public void restore(Parameters parameters) {
        for (Parameter p : parameters.declared()) {
            copy(p.name(), p, parameters.value(p.name()));
        }
    }

    /** Copies what the optimiser keeps of the trained parameters. */
    void restore(Parameters parameters, Optimizer optimizer) {
        for (Parameter p : parameters.declared()) {
            if (p.trained()) {
                for (String state : optimizer.state().keySet()) {
                    copy(state + "." + p.name(), p, optimizer.state(state, p));
                }
            }
        }
    }

    private void copy(String name, Parameter parameter, Tensor destination) {
        destination.write(tensor(name, parameter).toDoubles());
    }

    private SafetensorsEntry tensor(String name, Parameter parameter) {
        return tensors.get(name).requireShape(parameter.dimensions());
    }
}
