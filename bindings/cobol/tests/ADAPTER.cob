       IDENTIFICATION DIVISION.
       PROGRAM-ID. ADAPTER.
      * The conformance adapter: commands of conformance.ts in, answers
      * out.
      *
      *   fixed records of COMMANDS -> CALL -> lines of kind, length
      *                                        and that many bytes
      *
      * A case is CASE, then steps (DISPATCH.cpy), then ROWS or REPORT.
      * After the first error of a case its other commands are skipped.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT COMMANDS ASSIGN TO COMMANDS-PATH
               ORGANIZATION IS SEQUENTIAL
               FILE STATUS IS COMMANDS-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  COMMANDS.
       01  COMMAND-RECORD.
           05  CMD-VERB            PIC X(8).
           05  CMD-FRAME           BINARY-LONG OCCURS 2 TIMES.
           05  CMD-RESULT          BINARY-LONG.
           05  CMD-LENGTH          BINARY-LONG OCCURS 3 TIMES.
           05  CMD-COUNT           BINARY-DOUBLE OCCURS 2 TIMES.
           05  CMD-TEXT            PIC X(8000) OCCURS 3 TIMES.
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  COMMANDS-PATH           PIC X(512).
       01  COMMANDS-STATUS         PIC XX.
       01  CASE-STATE              PIC X VALUE "N".
           88  CASE-FAILED         VALUE "Y".
       01  FRAMES.
           05  FRAME               BINARY-DOUBLE VALUE 0
                                   OCCURS 400 TIMES.
       01  I                       BINARY-LONG.
       01  J                       BINARY-LONG.
       01  COLUMN-COUNT            BINARY-LONG.
       01  FIELD-COUNT             BINARY-LONG.
       01  COLUMNS-SEEN.
           05  COLUMN-SEEN         OCCURS 100 TIMES.
               10  COLUMN-NAME     PIC X(256).
               10  COLUMN-QUOTED   PIC X(256).
               10  COLUMN-QUOTED-LENGTH BINARY-LONG.
               10  COLUMN-DTYPE    BINARY-LONG.
       01  WIDTHS.
           05  FIELD-WIDTH         BINARY-LONG OCCURS 200 TIMES.
       01  WIDTH-SHOWN             PIC 9(5).
       01  NUMBER-SHOWN            PIC 9(3).
       01  LAYOUT-TEXT             PIC X(32000).
       01  LAYOUT-END              BINARY-LONG.
       01  LENGTHS-TEXT            PIC X(32000).
       01  LENGTHS-END             BINARY-LONG.
       01  WIDE-FRAME              BINARY-DOUBLE VALUE 0.
       01  ROW-AREA                PIC X(400000).
       01  ROW-LENGTH              BINARY-LONG.
       01  ROW-OFFSET              BINARY-LONG.
       01  OUT-KIND                PIC X.
       01  OUT-TEXT                PIC X(32000).
       01  OUT-LENGTH              BINARY-LONG.
       01  OUT-LENGTH-SHOWN        PIC 9(9).
       01  OUT-NUMBER              BINARY-DOUBLE.
       01  NUMBER-EDITED           PIC -(18)9.
       PROCEDURE DIVISION.
       MAIN-LINE.
           ACCEPT COMMANDS-PATH FROM ARGUMENT-VALUE
           OPEN INPUT COMMANDS
           IF COMMANDS-STATUS NOT = "00"
               DISPLAY "CANNOT OPEN " COMMANDS-PATH UPON SYSERR
               MOVE 16 TO RETURN-CODE
               STOP RUN
           END-IF
           READ COMMANDS
           PERFORM UNTIL COMMANDS-STATUS NOT = "00"
               PERFORM DO-COMMAND
               READ COMMANDS
           END-PERFORM
           PERFORM BEGIN-CASE
           CLOSE COMMANDS
           MOVE 0 TO RETURN-CODE
           STOP RUN.

       DO-COMMAND.
           EVALUATE TRUE
             WHEN CMD-VERB = "CASE"
               PERFORM BEGIN-CASE
               MOVE "C" TO OUT-KIND
               MOVE CMD-TEXT (1) TO OUT-TEXT
               PERFORM PRINT-TEXT
             WHEN CASE-FAILED
               CONTINUE
             WHEN CMD-VERB = "PARAM"
               ADD 1 TO PDX-PARAM-COUNT
               MOVE CMD-TEXT (1) TO PDX-PARAM-NAME (PDX-PARAM-COUNT)
               MOVE CMD-TEXT (2) TO PDX-PARAM-TYPE (PDX-PARAM-COUNT)
               MOVE CMD-TEXT (3) TO PDX-PARAM-VALUE (PDX-PARAM-COUNT)
               MOVE CMD-LENGTH (3)
                   TO PDX-PARAM-LENGTH (PDX-PARAM-COUNT)
             WHEN CMD-VERB = "TABLE"
               ADD 1 TO PDX-TABLE-COUNT
               MOVE CMD-TEXT (1) TO PDX-TABLE-NAME (PDX-TABLE-COUNT)
               MOVE FRAME (CMD-FRAME (1))
                   TO PDX-TABLE-FRAME (PDX-TABLE-COUNT)
             WHEN CMD-VERB = "ROWS"
               IF FRAME (CMD-FRAME (1)) NOT = 0
                   PERFORM PRINT-FRAME
               END-IF
             WHEN CMD-VERB = "PDXQUAR"
               CALL "PDXQUAR" USING FRAME (CMD-FRAME (1))
                   FRAME (CMD-RESULT) PDX-ERROR
               PERFORM CHECK-STATUS
             WHEN CMD-VERB = "PDXFLTS"
               CALL "PDXFLTS" USING FRAME (CMD-FRAME (1))
                   FRAME (CMD-RESULT) PDX-ERROR
               PERFORM CHECK-STATUS
             WHEN CMD-VERB = "TOTAL"
               MOVE "B" TO OUT-KIND
               MOVE PDX-ROWS TO OUT-NUMBER
               PERFORM PRINT-NUMBER
             WHEN CMD-VERB = "REPORT"
               MOVE "B" TO OUT-KIND
               MOVE PDX-ROWS TO OUT-NUMBER
               PERFORM PRINT-NUMBER
               MOVE PDX-BYTES TO OUT-NUMBER
               PERFORM PRINT-NUMBER
             WHEN OTHER
               PERFORM DO-STEP
               PERFORM CHECK-STATUS
               MOVE 0 TO PDX-PARAM-COUNT PDX-TABLE-COUNT
           END-EVALUATE.

       DO-STEP.
       COPY DISPATCH.

      * Gives back what the case before held; nothing may be left.
       BEGIN-CASE.
           MOVE "N" TO CASE-STATE
           MOVE 0 TO PDX-PARAM-COUNT PDX-TABLE-COUNT
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 400
               IF FRAME (I) NOT = 0
                   CALL "PDXCLOS" USING FRAME (I) PDX-ERROR
               END-IF
           END-PERFORM
           CALL "PDXCLOS" USING WIDE-FRAME PDX-ERROR
           CALL "PDXCLOS" USING PDX-READER PDX-ERROR
           CALL "PDXLIVE" USING PDX-ROW-COUNT PDX-BYTES PDX-ERROR
           IF PDX-ROW-COUNT NOT = 0
               DISPLAY "HANDLES ARE LEFT: " PDX-ROW-COUNT UPON SYSERR
               MOVE 16 TO RETURN-CODE
               STOP RUN
           END-IF.

      * Shows the error of a CALL, once for each case.
       CHECK-STATUS.
           IF NOT PDX-OK AND NOT CASE-FAILED
               SET CASE-FAILED TO TRUE
               PERFORM PRINT-ERROR
           END-IF.

       PRINT-ERROR.
           MOVE "E" TO OUT-KIND
           MOVE PDX-STATUS TO OUT-NUMBER
           PERFORM PRINT-NUMBER
           MOVE PDX-ERROR-RECORD TO OUT-NUMBER
           PERFORM PRINT-NUMBER
           MOVE PDX-ERROR-LINE TO OUT-NUMBER
           PERFORM PRINT-NUMBER
           MOVE PDX-ERROR-BYTE-OFFSET TO OUT-NUMBER
           PERFORM PRINT-NUMBER
           MOVE PDX-ERROR-FILE TO OUT-TEXT
           MOVE PDX-ERROR-FILE-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH
           MOVE PDX-ERROR-COLUMN TO OUT-TEXT
           MOVE PDX-ERROR-COLUMN-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH
           MOVE PDX-ERROR-EXPECTED TO OUT-TEXT
           MOVE PDX-ERROR-EXPECTED-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH
           MOVE PDX-ERROR-FOUND TO OUT-TEXT
           MOVE PDX-ERROR-FOUND-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH
           MOVE PDX-ERROR-HINT TO OUT-TEXT
           MOVE PDX-ERROR-HINT-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH
           MOVE PDX-ERROR-MESSAGE TO OUT-TEXT
           MOVE PDX-ERROR-MESSAGE-LENGTH TO OUT-LENGTH
           PERFORM PRINT-LENGTH.

       PRINT-TEXT.
           MOVE 0 TO OUT-LENGTH
           PERFORM VARYING J FROM 32000 BY -1 UNTIL J = 0
               IF OUT-TEXT (J:1) NOT = SPACE
                   MOVE J TO OUT-LENGTH
                   EXIT PERFORM
               END-IF
           END-PERFORM
           PERFORM PRINT-LENGTH.

       PRINT-NUMBER.
           MOVE OUT-NUMBER TO NUMBER-EDITED
           MOVE NUMBER-EDITED TO OUT-TEXT
           MOVE 19 TO OUT-LENGTH
           PERFORM PRINT-LENGTH.

       PRINT-LENGTH.
           MOVE OUT-LENGTH TO OUT-LENGTH-SHOWN
           IF OUT-LENGTH = 0
               DISPLAY OUT-KIND OUT-LENGTH-SHOWN
           ELSE
               DISPLAY OUT-KIND OUT-LENGTH-SHOWN
                   OUT-TEXT (1:OUT-LENGTH)
           END-IF.

      * Names and types, then rows: every field as text. A text has its
      * trailing blanks cut by its record, so its length comes along.
       PRINT-FRAME.
           PERFORM READ-SCHEMA
           MOVE CMD-FRAME (1) TO I
           IF NOT CASE-FAILED AND LENGTHS-END > 0
               CALL "PDXWITH" USING FRAME (I)
                   LENGTHS-TEXT LENGTHS-END OMITTED
                   WIDE-FRAME PDX-ERROR
               PERFORM CHECK-STATUS
           END-IF
           IF LENGTHS-END = 0
               MOVE FRAME (I) TO WIDE-FRAME
               MOVE 0 TO FRAME (I)
           END-IF
           IF NOT CASE-FAILED AND COLUMN-COUNT > 0
               CALL "PDXOPEN" USING WIDE-FRAME
                   LAYOUT-TEXT LAYOUT-END ROW-LENGTH
                   PDX-READER PDX-ERROR
               PERFORM CHECK-STATUS
           END-IF
           IF NOT CASE-FAILED AND COLUMN-COUNT > 0
               PERFORM PRINT-ROWS
           END-IF.

       READ-SCHEMA.
           MOVE 0 TO COLUMN-COUNT FIELD-COUNT ROW-LENGTH
           MOVE 0 TO LAYOUT-END LENGTHS-END
           MOVE SPACES TO LAYOUT-TEXT LENGTHS-TEXT
           MOVE 1 TO PDX-NUMBER
           MOVE 256 TO PDX-NAME-LENGTH
           PERFORM READ-COLUMN UNTIL PDX-END OR CASE-FAILED
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > COLUMN-COUNT
               IF COLUMN-DTYPE (I) = 5 OR 14
                   PERFORM ADD-LENGTH-FIELD
               END-IF
           END-PERFORM.

       READ-COLUMN.
           CALL "PDXSCHM" USING FRAME (CMD-FRAME (1)) PDX-NUMBER
               COLUMN-NAME (COLUMN-COUNT + 1) PDX-NAME-LENGTH
               COLUMN-DTYPE (COLUMN-COUNT + 1) PDX-PRECISION PDX-SCALE
               PDX-ERROR
           IF NOT PDX-END
               PERFORM CHECK-STATUS
           END-IF
           IF PDX-OK
               ADD 1 TO COLUMN-COUNT PDX-NUMBER
               MOVE COLUMN-NAME (COLUMN-COUNT) TO OUT-TEXT
               MOVE "N" TO OUT-KIND
               PERFORM PRINT-TEXT
               PERFORM QUOTE-NAME
               MOVE COLUMN-DTYPE (COLUMN-COUNT) TO OUT-NUMBER
               MOVE "T" TO OUT-KIND
               PERFORM PRINT-NUMBER
               MOVE PDX-PRECISION TO OUT-NUMBER
               MOVE "P" TO OUT-KIND
               PERFORM PRINT-NUMBER
               MOVE PDX-SCALE TO OUT-NUMBER
               MOVE "S" TO OUT-KIND
               PERFORM PRINT-NUMBER
               SUBTRACT 1 FROM PDX-NUMBER
               MOVE 32000 TO OUT-LENGTH
               CALL "PDXTYPE" USING FRAME (CMD-FRAME (1)) PDX-NUMBER
                   OUT-TEXT OUT-LENGTH PDX-TEXT-LENGTH PDX-ERROR
               ADD 1 TO PDX-NUMBER
               PERFORM CHECK-STATUS
               MOVE "D" TO OUT-KIND
               MOVE PDX-TEXT-LENGTH TO OUT-LENGTH
               PERFORM PRINT-LENGTH
               ADD 1 TO FIELD-COUNT
               MOVE 48 TO FIELD-WIDTH (FIELD-COUNT)
               IF COLUMN-DTYPE (COLUMN-COUNT) = 5 OR 14 OR 40 OR 41
                   MOVE 2000 TO FIELD-WIDTH (FIELD-COUNT)
               END-IF
               MOVE COLUMN-COUNT TO I
               PERFORM ADD-FIELD
           END-IF.

      * OUT-TEXT (1:OUT-LENGTH) in double quotes, quotes doubled.
       QUOTE-NAME.
           MOVE COLUMN-COUNT TO I
           MOVE """" TO COLUMN-QUOTED (I)
           MOVE 1 TO COLUMN-QUOTED-LENGTH (I)
           PERFORM VARYING J FROM 1 BY 1 UNTIL J > OUT-LENGTH
               PERFORM ADD-CHARACTER
               IF OUT-TEXT (J:1) = """"
                   PERFORM ADD-CHARACTER
               END-IF
           END-PERFORM
           ADD 1 TO COLUMN-QUOTED-LENGTH (I)
           MOVE """" TO
               COLUMN-QUOTED (I) (COLUMN-QUOTED-LENGTH (I):1).

       ADD-CHARACTER.
           ADD 1 TO COLUMN-QUOTED-LENGTH (I)
           MOVE OUT-TEXT (J:1) TO
               COLUMN-QUOTED (I) (COLUMN-QUOTED-LENGTH (I):1).

      * `"name" X(40) NULL, ` for the column at I.
       ADD-FIELD.
           MOVE FIELD-WIDTH (FIELD-COUNT) TO WIDTH-SHOWN
           ADD 1 TO LAYOUT-END
           STRING COLUMN-QUOTED (I) (1:COLUMN-QUOTED-LENGTH (I))
               " X(" WIDTH-SHOWN ") NULL, " DELIMITED BY SIZE
               INTO LAYOUT-TEXT WITH POINTER LAYOUT-END
           SUBTRACT 1 FROM LAYOUT-END
           COMPUTE ROW-LENGTH =
               ROW-LENGTH + FIELD-WIDTH (FIELD-COUNT) + 1.

      * The length of the text at I, as one more column.
       ADD-LENGTH-FIELD.
           MOVE I TO NUMBER-SHOWN
           IF LENGTHS-END > 0
               ADD 1 TO LENGTHS-END
               MOVE "," TO LENGTHS-TEXT (LENGTHS-END:1)
           END-IF
           ADD 1 TO LENGTHS-END
           STRING "length(" DELIMITED BY SIZE
               COLUMN-QUOTED (I) (1:COLUMN-QUOTED-LENGTH (I))
               ") as ""#" NUMBER-SHOWN """" DELIMITED BY SIZE
               INTO LENGTHS-TEXT WITH POINTER LENGTHS-END
           SUBTRACT 1 FROM LENGTHS-END
           ADD 1 TO FIELD-COUNT
           MOVE 40 TO FIELD-WIDTH (FIELD-COUNT)
           ADD 1 TO LAYOUT-END
           STRING """#" NUMBER-SHOWN """ X(40) NULL, "
               DELIMITED BY SIZE
               INTO LAYOUT-TEXT WITH POINTER LAYOUT-END
           SUBTRACT 1 FROM LAYOUT-END
           ADD 41 TO ROW-LENGTH.

       PRINT-ROWS.
           PERFORM FETCH-ROW
           PERFORM UNTIL PDX-END OR CASE-FAILED
               MOVE "R" TO OUT-KIND
               MOVE 0 TO OUT-LENGTH
               PERFORM PRINT-LENGTH
               MOVE 1 TO ROW-OFFSET
               PERFORM PRINT-FIELD VARYING I FROM 1 BY 1
                   UNTIL I > FIELD-COUNT
               PERFORM FETCH-ROW
           END-PERFORM.

       FETCH-ROW.
           CALL "PDXFTCH" USING PDX-READER ROW-AREA ROW-LENGTH
               PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           IF NOT PDX-END
               PERFORM CHECK-STATUS
           END-IF.

       PRINT-FIELD.
           MOVE "V" TO OUT-KIND
           MOVE FIELD-WIDTH (I) TO OUT-LENGTH
           MOVE ROW-AREA (ROW-OFFSET:OUT-LENGTH) TO OUT-TEXT
           ADD OUT-LENGTH TO ROW-OFFSET
           IF ROW-AREA (ROW-OFFSET:1) = "Y"
               MOVE "U" TO OUT-KIND
               MOVE 0 TO OUT-LENGTH
           END-IF
           ADD 1 TO ROW-OFFSET
           PERFORM PRINT-LENGTH.
