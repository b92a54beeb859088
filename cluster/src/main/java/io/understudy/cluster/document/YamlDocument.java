package io.understudy.cluster.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.understudy.core.config.Checked;
import io.understudy.core.config.GroupConfiguration;
import io.understudy.core.config.GroupFile;
import io.understudy.core.config.Problem;
import io.understudy.core.config.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A YAML text (JSON is YAML too) as the neutral tree that {@link GroupFile} checks, together with
 * the line of every key, so that problems can name it. Keys given twice, anchors and aliases are
 * refused: the first hides a mistake, the others hide what the file says.
 */
public final class YamlDocument {

    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_DEPTH = 32;

    private static final YAMLFactory FACTORY =
            YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .build();
    private static final ObjectMapper WRITER = new ObjectMapper(FACTORY);

    private final Object tree;
    private final Map<String, Integer> lines;

    private YamlDocument(Object tree, Map<String, Integer> lines) {
        this.tree = tree;
        this.lines = lines;
    }

    /**
     * Reads a text of one or more YAML documents.
     *
     * @return the document, or the one problem at which reading stopped, with its line
     */
    public static Checked<YamlDocument> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Checked.failed(
                    List.of(
                            new Problem(
                                    "",
                                    "has " + text.length() + " characters",
                                    "use at most " + MAX_CHARACTERS)));
        }
        Reader reader = new Reader();
        try (YAMLParser parser = FACTORY.createParser(text)) {
            return Checked.of(reader.read(parser));
        } catch (Refused e) {
            return Checked.failed(List.of(e.problem));
        } catch (JsonProcessingException e) {
            return Checked.failed(List.of(problemOf(e)));
        } catch (IOException e) {
            throw new UncheckedIOException("reading YAML from memory failed", e);
        }
    }

    /**
     * Reads and checks a group file.
     *
     * @return the groups, or every problem with its line
     */
    public static Checked<List<GroupConfiguration>> groups(String text, Surroundings surroundings) {
        Checked<YamlDocument> document = parse(text);
        if (!document.isGood()) {
            return Checked.failed(document.problems());
        }
        YamlDocument yaml = document.orThrow();
        Checked<List<GroupConfiguration>> groups = GroupFile.read(yaml.tree(), surroundings);
        return groups.isGood() ? groups : Checked.failed(yaml.locate(groups.problems()));
    }

    /** Writes a tree as YAML text that {@link #parse} reads as the same tree. */
    public static String write(Object tree) {
        try {
            return WRITER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a tree of maps, lists and plain values", e);
        }
    }

    /**
     * Returns the tree: Map, List, String, Number, Boolean or null; a list of the documents if
     * there are several, null if there is none.
     */
    public Object tree() {
        return tree;
    }

    /** Returns the line of the key or element at {@code path}, counted from 1. */
    public OptionalInt line(String path) {
        Integer line = lines.get(path);
        return line == null ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /** Returns the problems with the line of their field, or of what it should be in. */
    public List<Problem> locate(List<Problem> problems) {
        return problems.stream().map(this::locate).toList();
    }

    private Problem locate(Problem problem) {
        String path = problem.field();
        while (!path.isEmpty()) {
            OptionalInt line = line(path);
            if (line.isPresent()) {
                return new Problem(
                        problem.field() + " (line " + line.getAsInt() + ")",
                        problem.problem(),
                        problem.mend());
            }
            int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
            path = end < 0 ? "" : path.substring(0, end);
        }
        return problem;
    }

    private static Problem problemOf(JsonProcessingException e) {
        String message = e.getOriginalMessage().strip().replaceAll("\\s*\\R\\s*", " ");
        String field = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
        return message.startsWith("Duplicate field")
                ? new Problem(
                        field,
                        "has the key "
                                + message.substring("Duplicate field".length()).strip()
                                + " a second time",
                        "keep one of the two")
                : new Problem(field, "is no YAML (" + message + ")", "mend the syntax there");
    }

    /** Turns tokens into a tree; notes where each key and element began. */
    private static final class Reader {

        private final Map<String, Integer> lines = new HashMap<>();

        YamlDocument read(YAMLParser parser) throws IOException {
            List<Object> documents = new ArrayList<>();
            Map<String, Integer> linesOfFirst = Map.of();
            while (parser.nextToken() != null) {
                documents.add(
                        value(parser, documents.isEmpty() ? "" : "[" + documents.size() + "]"));
                if (documents.size() == 1) {
                    linesOfFirst = Map.copyOf(lines);
                }
            }
            if (documents.size() <= 1) {
                return new YamlDocument(documents.isEmpty() ? null : documents.get(0), lines);
            }
            linesOfFirst.forEach((path, line) -> lines.put(under(path), line));
            return new YamlDocument(documents, lines);
        }

        private static String under(String path) {
            return path.startsWith("[") || path.isEmpty() ? "[0]" + path : "[0]." + path;
        }

        private Object value(YAMLParser parser, String path) throws IOException {
            lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
            if (parser.isCurrentAlias() || parser.getObjectId() != null) {
                throw new Refused(
                        new Problem(
                                "line " + parser.currentTokenLocation().getLineNr(),
                                "has an anchor or an alias",
                                "write the value out where it belongs, in quotation marks if it"
                                        + " begins with & or *"));
            }
            JsonToken token = parser.currentToken();
            return switch (token) {
                case START_OBJECT -> map(parser, path);
                case START_ARRAY -> list(parser, path);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> parser.getText();
            };
        }

        private Map<String, Object> map(YAMLParser parser, String path) throws IOException {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                String below = path.isEmpty() ? key : path + "." + key;
                lines.put(below, parser.currentTokenLocation().getLineNr());
                parser.nextToken();
                map.put(key, value(parser, below));
            }
            return map;
        }

        private List<Object> list(YAMLParser parser, String path) throws IOException {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser, path + "[" + list.size() + "]"));
            }
            return list;
        }
    }

    /** Ends reading from within; never leaves {@link #parse}. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Refused(Problem problem) {
            super(problem.sentence(), null, false, false);
            this.problem = problem;
        }
    }
}
