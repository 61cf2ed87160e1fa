       IDENTIFICATION DIVISION.
       PROGRAM-ID. FLIGHTS-DEMO.
      * One question about real flights, as examples/README.md puts it.
      *
      *   flights-cobol <folder of the tables> <folder to write to>
      *       <flights_min>
       ENVIRONMENT DIVISION.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  DATA-FOLDER             PIC X(400).
       01  OUTPUT-FOLDER           PIC X(400).
       01  FLIGHTS-MIN             PIC X(18).

      * Frames.
       01  FLIGHTS                 BINARY-DOUBLE VALUE 0.
       01  AIRLINES                BINARY-DOUBLE VALUE 0.
       01  LONG-FLIGHTS            BINARY-DOUBLE VALUE 0.
       01  ENRICHED                BINARY-DOUBLE VALUE 0.
       01  AGAIN                   BINARY-DOUBLE VALUE 0.
       01  ASKED                   BINARY-DOUBLE VALUE 0.
       01  WORST                   BINARY-DOUBLE VALUE 0.

      * The worst ten routes, of those that are flown often.
       01  QUESTION.
           05  FILLER              PIC X(64) VALUE
               "with routes as (select carrier, dest, count(*) as n,".
           05  FILLER              PIC X(64) VALUE
               "  mean(arr_delay) as mean_delay,".
           05  FILLER              PIC X(64) VALUE
               "  max(arr_delay) as worst_delay,".
           05  FILLER              PIC X(64) VALUE
               "  sum(cast(arr_delay > 0 as int64)) as late,".
           05  FILLER              PIC X(64) VALUE
               "  mean(cast(arr_delay > 0 as int64)) as late_share,".
           05  FILLER              PIC X(64) VALUE
               "  mean(speed_kmh) as mean_kmh".
           05  FILLER              PIC X(64) VALUE
               "  from enriched group by carrier, dest".
           05  FILLER              PIC X(64) VALUE
               "  having count(*) >= :flights_min),".
           05  FILLER              PIC X(64) VALUE
               "worst as (select * from routes join airlines".
           05  FILLER              PIC X(64) VALUE
               "  using (carrier)".
           05  FILLER              PIC X(64) VALUE
               "  order by mean_delay desc, carrier, dest limit 10)".
           05  FILLER              PIC X(64) VALUE
               "select carrier, name, dest, n,".
           05  FILLER              PIC X(64) VALUE
               "  round(mean_delay, 2) as mean_delay,".
           05  FILLER              PIC X(64) VALUE
               "  worst_delay, late,".
           05  FILLER              PIC X(64) VALUE
               "  round(late_share, 4) as late_share,".
           05  FILLER              PIC X(64) VALUE
               "  round(mean_kmh, 1) as mean_kmh from worst".

      * What a step is, when it began, and what it gave.
       01  STEP-NAME               PIC X(32).
       01  STEP-ROWS               BINARY-DOUBLE.
       01  STEP-BEGIN              BINARY-DOUBLE.
       01  TIME-NOW.
           05  TIME-HOURS          PIC 99.
           05  TIME-MINUTES        PIC 99.
           05  TIME-SECONDS        PIC 99.
           05  TIME-HUNDREDTHS     PIC 99.
       01  MILLISECONDS            BINARY-DOUBLE.
       01  HANDLES                 BINARY-DOUBLE.
       01  HELD-BYTES              BINARY-DOUBLE.
       01  TIME-SHOWN              PIC Z(8)9.
       01  ROWS-SHOWN              PIC Z(10)9.
       01  MEMORY-SHOWN            PIC Z(6)9.

       PROCEDURE DIVISION.
       MAIN-LINE.
           ACCEPT DATA-FOLDER FROM ARGUMENT-VALUE
           ACCEPT OUTPUT-FOLDER FROM ARGUMENT-VALUE
           ACCEPT FLIGHTS-MIN FROM ARGUMENT-VALUE
           PERFORM READ-TABLES
           PERFORM ENRICH-FLIGHTS

           MOVE "worst ten routes" TO STEP-NAME
           MOVE ENRICHED TO ASKED
           PERFORM ASK-WORST-ROUTES

           MOVE "write enriched.prdx" TO STEP-NAME
           PERFORM BEGIN-STEP
           MOVE SPACES TO PDX-PATH
           STRING FUNCTION TRIM (OUTPUT-FOLDER)
               "/enriched.prdx" DELIMITED BY SIZE INTO PDX-PATH
           CALL "PDXWPRX" USING ENRICHED PDX-PATH PDX-PATH-LENGTH
               STEP-ROWS PDX-BYTES PDX-ERROR
           PERFORM END-STEP

           MOVE "open enriched.prdx" TO STEP-NAME
           PERFORM BEGIN-STEP
           CALL "PDXRPRX" USING PDX-PATH PDX-PATH-LENGTH
               AGAIN PDX-ERROR
           MOVE AGAIN TO PDX-FRAME
           PERFORM END-STEP-WITH-FRAME

           MOVE "worst ten routes again" TO STEP-NAME
           MOVE AGAIN TO ASKED
           PERFORM ASK-WORST-ROUTES

           CALL "PDXCLOS" USING FLIGHTS PDX-ERROR
           CALL "PDXCLOS" USING AIRLINES PDX-ERROR
           CALL "PDXCLOS" USING LONG-FLIGHTS PDX-ERROR
           CALL "PDXCLOS" USING ENRICHED PDX-ERROR
           CALL "PDXCLOS" USING AGAIN PDX-ERROR
           PERFORM CHECK-STATUS
           STOP RUN.

       READ-TABLES.
           MOVE '{"null_values": ["NA"]}' TO PDX-OPTIONS
           MOVE "read flights.csv" TO STEP-NAME
           PERFORM BEGIN-STEP
           MOVE SPACES TO PDX-PATH
           STRING FUNCTION TRIM (DATA-FOLDER)
               "/flights.csv" DELIMITED BY SIZE INTO PDX-PATH
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH FLIGHTS PDX-ERROR
           MOVE FLIGHTS TO PDX-FRAME
           PERFORM END-STEP-WITH-FRAME

           MOVE "read airlines.csv" TO STEP-NAME
           PERFORM BEGIN-STEP
           MOVE SPACES TO PDX-PATH
           STRING FUNCTION TRIM (DATA-FOLDER)
               "/airlines.csv" DELIMITED BY SIZE INTO PDX-PATH
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH AIRLINES PDX-ERROR
           MOVE AIRLINES TO PDX-FRAME
           PERFORM END-STEP-WITH-FRAME.

       ENRICH-FLIGHTS.
           MOVE "speed of flights over an hour" TO STEP-NAME
           PERFORM BEGIN-STEP
           MOVE "air_time > 60" TO PDX-PREDICATE
           CALL "PDXFILT" USING FLIGHTS
               PDX-PREDICATE PDX-PREDICATE-LENGTH OMITTED
               LONG-FLIGHTS PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE "distance * 1.609344 / (air_time / 60) as speed_kmh"
               TO PDX-COLUMNS
           CALL "PDXWITH" USING LONG-FLIGHTS
               PDX-COLUMNS PDX-COLUMNS-LENGTH OMITTED
               ENRICHED PDX-ERROR
           MOVE ENRICHED TO PDX-FRAME
           PERFORM END-STEP-WITH-FRAME.

      * Asks the frame in ASKED, and prints the table to stdout.
       ASK-WORST-ROUTES.
           PERFORM BEGIN-STEP
           MOVE 2 TO PDX-TABLE-COUNT
           MOVE "enriched" TO PDX-TABLE-NAME (1)
           MOVE ASKED TO PDX-TABLE-FRAME (1)
           MOVE "airlines" TO PDX-TABLE-NAME (2)
           MOVE AIRLINES TO PDX-TABLE-FRAME (2)
           MOVE 1 TO PDX-PARAM-COUNT
           MOVE "flights_min" TO PDX-PARAM-NAME (1)
           MOVE "int64" TO PDX-PARAM-TYPE (1)
           MOVE FLIGHTS-MIN TO PDX-PARAM-VALUE (1)
           CALL "PDXSQL" USING
               QUESTION BY CONTENT LENGTH OF QUESTION
               BY REFERENCE PDX-TABLES PDX-PARAMS WORST PDX-ERROR
           MOVE WORST TO PDX-FRAME
           PERFORM END-STEP-WITH-FRAME
           MOVE '{"width": 100}' TO PDX-OPTIONS
           CALL "PDXDISP" USING WORST
               PDX-OPTIONS PDX-OPTIONS-LENGTH
               PDX-AREA PDX-AREA-LENGTH PDX-TEXT-LENGTH PDX-ERROR
           PERFORM CHECK-STATUS
           DISPLAY PDX-AREA (1:PDX-TEXT-LENGTH) WITH NO ADVANCING
           CALL "PDXCLOS" USING WORST PDX-ERROR
           PERFORM CHECK-STATUS.

       BEGIN-STEP.
           PERFORM TELL-TIME
           MOVE MILLISECONDS TO STEP-BEGIN.

       END-STEP-WITH-FRAME.
           PERFORM CHECK-STATUS
           CALL "PDXSHAP" USING PDX-FRAME
               STEP-ROWS PDX-COLUMN-COUNT PDX-ERROR
           PERFORM END-STEP.

      * Time, rows, and the memory of all frames, to stderr.
       END-STEP.
           PERFORM CHECK-STATUS
           PERFORM TELL-TIME
           SUBTRACT STEP-BEGIN FROM MILLISECONDS GIVING TIME-SHOWN
           MOVE STEP-ROWS TO ROWS-SHOWN
           CALL "PDXLIVE" USING HANDLES HELD-BYTES PDX-ERROR
           PERFORM CHECK-STATUS
           DIVIDE HELD-BYTES BY 1048576 GIVING MEMORY-SHOWN
           DISPLAY STEP-NAME TIME-SHOWN " ms" ROWS-SHOWN " rows"
               MEMORY-SHOWN " MB" UPON SYSERR.

       TELL-TIME.
           ACCEPT TIME-NOW FROM TIME
           MULTIPLY TIME-HOURS BY 60 GIVING MILLISECONDS
           ADD TIME-MINUTES TO MILLISECONDS
           MULTIPLY 60 BY MILLISECONDS
           ADD TIME-SECONDS TO MILLISECONDS
           MULTIPLY 100 BY MILLISECONDS
           ADD TIME-HUNDREDTHS TO MILLISECONDS
           MULTIPLY 10 BY MILLISECONDS.

       CHECK-STATUS.
           IF NOT PDX-OK
               DISPLAY PDX-ERROR-MESSAGE (1:PDX-ERROR-MESSAGE-LENGTH)
                   UPON SYSERR
               STOP RUN
           END-IF.
