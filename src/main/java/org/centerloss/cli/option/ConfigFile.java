package org.centerloss.cli.option;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.base.NearestName;
import org.centerloss.base.WholeFile;
import org.centerloss.format.StrictJson;
import org.centerloss.train.RunDirectory;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Unmatched;

/**
 * The file of {@code --config}: a JSON object whose keys are names of options without the dashes,
 * or the {@code config.json} of a run, which holds such an object. What stands on the command line
 * goes before it.
 */
public final class ConfigFile implements IDefaultValueProvider {
    private static final JsonFactory JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .getFactory();
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

    private static final int MOST_BYTES = 16 << 20;

    private static final String TRUTH = "true or false";
    private static final String WHOLE = "a whole number";
    private static final String NUMBER = "a number";

    /** What runs did before there was an option for it. */
    private static final Map<String, String> BEFORE = Map.of("augment", "reference");

    private record Entry(JsonNode value, int line) {}

    /** Picks {@code --config} out of a command line that is not understood yet. */
    private static final class FirstLook {
        @Option(names = "--config", arity = "0..1")
        private Path file;

        @Unmatched private List<String> rest = new ArrayList<>();
    }

    private final Path path;
    private final List<String> arguments;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ConfigFile(Path path, List<String> arguments) {
        this.path = path;
        this.arguments = arguments;
    }

    /**
     * Reads the file that the arguments name; one without values where they name none.
     *
     * @throws InputException if it cannot be read, or is no JSON object
     */
    public static ConfigFile of(String... arguments) {
        FirstLook look = new FirstLook();
        new CommandLine(look)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .parseArgs(arguments);
        ConfigFile config = new ConfigFile(look.file, List.of(arguments));
        if (look.file != null && !look.file.toString().isEmpty()) {
            config.read();
        }
        return config;
    }

    private void read() {
        if (!Files.isRegularFile(path)) {
            throw failure(
                    "expected a JSON file, found %s"
                            .formatted(
                                    Files.isDirectory(path)
                                            ? "a folder"
                                            : Files.exists(path)
                                                    ? "no plain file"
                                                    : "no such file"));
        }
        try (JsonParser parser = JSON.createParser(WholeFile.read(path, MOST_BYTES))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw failure("expected a JSON object such as {\"lr\": 0.003}, found none");
            }
            readObject(parser);
            if (parser.nextToken() != null) {
                throw failure(
                        "line %d: expected the end after the object, found more"
                                .formatted(parser.currentTokenLocation().getLineNr()));
            }
        } catch (JsonProcessingException e) {
            throw failure(StrictJson.reason(e));
        } catch (CharConversionException e) {
            throw failure("expected JSON, found other bytes");
        } catch (IOException e) {
            throw failure("cannot be read: " + InputException.reason(e));
        }
        if (entries.containsKey("environment")) {
            throw failure(
                    "expected '%s' in a run's configuration, found none: the run was made by an older version"
                            .formatted(RunDirectory.Configuration.OPTIONS));
        }
    }

    /** Reads an object; of a run's configuration, the options alone. */
    private void readObject(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName().replace('_', '-');
            int line = parser.currentTokenLocation().getLineNr();
            JsonToken value = parser.nextToken();
            if (key.equals(RunDirectory.Configuration.OPTIONS) && value == JsonToken.START_OBJECT) {
                entries.clear();
                readObject(parser);
                BEFORE.forEach(
                        (option, meant) ->
                                entries.putIfAbsent(
                                        option, new Entry(TextNode.valueOf(meant), line)));
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    parser.nextToken();
                    parser.skipChildren();
                }
                return;
            }
            if (entries.put(key, new Entry(parser.readValueAsTree(), line)) != null) {
                throw failure("line %d: key '%s': found twice".formatted(line, key));
            }
        }
    }

    private InputException failure(String message) {
        return new InputException("--config %s: %s".formatted(path, message));
    }

    /**
     * Refuses keys that are no options of a command.
     *
     * @throws ParameterException naming the first such key
     */
    public void requireOptionsOf(CommandSpec command) {
        entries.forEach(
                (key, entry) -> {
                    OptionSpec option = OptionValues.named(command, key);
                    if (option == null) {
                        throw refusal(
                                command,
                                key,
                                "expected the name of an option of '%s' without its dashes, found none such%s"
                                        .formatted(
                                                command.qualifiedName(),
                                                NearestName.hint(
                                                        key, OptionValues.names(command))));
                    }
                    if (!OptionValues.configurable(option)) {
                        throw refusal(
                                command, key, "expected on the command line alone, found here");
                    }
                });
    }

    private ParameterException refusal(CommandSpec command, String key, String message) {
        return new ParameterException(
                command.commandLine(),
                "--config %s: line %d: key '%s': %s"
                        .formatted(path, entries.get(key).line, key, message));
    }

    /** The value of an option that the command line does not give; null where there is none. */
    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String key = OptionValues.name(option);
        Entry entry = entries.get(key);
        // A flag on the command line would turn the value of a default round.
        if (entry == null || given(option)) {
            return null;
        }
        return text(entry.value, option)
                .orElseThrow(
                        () ->
                                refusal(
                                        option.command(),
                                        key,
                                        "expected %s, found %s"
                                                .formatted(expected(option), entry.value)));
    }

    private boolean given(OptionSpec option) {
        Map<String, OptionSpec> negated = option.command().negatedOptionsMap();
        return Stream.of(option.names()).anyMatch(this::given)
                || negated.keySet().stream().anyMatch(n -> negated.get(n) == option && given(n));
    }

    private boolean given(String name) {
        return arguments.stream().anyMatch(a -> a.equals(name) || a.startsWith(name + "="));
    }

    /** A value as it would stand on the command line; empty where its type does not fit. */
    private static Optional<String> text(JsonNode value, OptionSpec option) {
        if (value.isArray() && isList(option)) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(part.asText()));
            return Optional.of(String.join(option.splitRegex(), parts));
        }
        boolean fits =
                switch (expected(option)) {
                    case TRUTH -> value.isBoolean();
                    case WHOLE -> value.isIntegralNumber();
                    case NUMBER -> value.isNumber();
                    default -> value.isTextual() || value.isNumber();
                };
        return fits ? Optional.of(value.asText()) : Optional.empty();
    }

    private static String expected(OptionSpec option) {
        Class<?> type = option.type();
        if (option.typeInfo().isBoolean()) {
            return TRUTH;
        }
        if (type == int.class || type == Integer.class || type == long.class) {
            return WHOLE;
        }
        if (type == double.class || type == Double.class) {
            return NUMBER;
        }
        return isList(option) ? "a string or a list" : "a string";
    }

    private static boolean isList(OptionSpec option) {
        return option.typeInfo().isMultiValue() && !option.splitRegex().isEmpty();
    }

    /** Where the option that a message begins with comes from, if from here; else nothing. */
    public String origin(String message) {
        Matcher option = OPTION.matcher(message);
        if (!option.find() || given(option.group())) {
            return "";
        }
        Entry entry = entries.get(option.group().substring(2));
        return entry == null ? "" : " (%s, line %d)".formatted(path, entry.line);
    }
}
